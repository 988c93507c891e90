using System.Buffers;
using Npgsql;

namespace Harmony.Data;

/// <summary>
/// Connections with an actor for all their statements, for code that is not ours and opens its connections itself.
/// They are not pooled, so that no later user inherits the actor.
/// </summary>
public sealed class SignedConnections(string connectionString, string applicationName)
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\n\r\v\f\\");

    public NpgsqlConnection Create(string actor)
    {
        var settings = DataSources.SettingsOf(connectionString, applicationName, Escaped(actor));
        settings.Pooling = false;
        return new NpgsqlConnection(settings.ConnectionString);
    }

    // Split as the server splits its start options.
    private static string Escaped(string actor) => string.Concat(actor.Select(c => Separators.Contains(c) ? $"\\{c}" : $"{c}"));
}
