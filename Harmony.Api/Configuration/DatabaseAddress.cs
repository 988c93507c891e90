using Harmony.Api.Configuration.Keys;
using Npgsql;

namespace Harmony.Api.Configuration;

/// <summary>The connection string in force.</summary>
public static class DatabaseAddress
{
    public static string Of(Settings settings)
    {
        var url = settings.Get(DatabaseKeys.Url);
        var connection = url is not null && DatabaseUrl.TryRead(url, out var read) ? read : FromParts(settings);
        if (url is null || !url.Contains("sslmode", StringComparison.OrdinalIgnoreCase) && !url.Contains("SSL Mode", StringComparison.OrdinalIgnoreCase))
            connection.SslMode = DatabaseUrl.SslModeOf(settings.Get(DatabaseKeys.SslMode));
        if (!connection.ContainsKey("Maximum Pool Size") || connection.MaxPoolSize == 100)
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
