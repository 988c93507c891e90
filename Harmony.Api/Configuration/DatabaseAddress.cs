using Harmony.Api.Configuration.Keys;
using Npgsql;

namespace Harmony.Api.Configuration;

/// <summary>The connection string in force.</summary>
internal static class DatabaseAddress
{
    public static string Of(Settings settings)
    {
        var url = settings.Get(DatabaseKeys.Url);
        var connection = url is not null && DatabaseUrl.TryRead(url, out var read) ? read : FromParts(settings);
        // A value that the address sets wins; ContainsKey is also true for values that it does not set.
        if (!connection.ShouldSerialize("SSL Mode"))
            connection.SslMode = DatabaseUrl.SslModeOf(settings.Get(DatabaseKeys.SslMode));
        if (!connection.ShouldSerialize("Maximum Pool Size"))
            connection.MaxPoolSize = settings.Get(DatabaseKeys.PoolMax);
        return connection.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder FromParts(Settings settings) => new()
    {
        Host = settings.Get(DatabaseKeys.Host),
        Port = settings.Get(DatabaseKeys.Port),
        Database = settings.Get(DatabaseKeys.Name),
        Username = settings.Get(DatabaseKeys.User),
        Password = settings.Get(DatabaseKeys.Password),
    };
}
