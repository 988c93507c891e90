using Npgsql;

namespace Harmony.Data;

/// <summary>Opens the one data source of a process, with the settings that all our connections need.</summary>
public static class DataSources
{
    public static NpgsqlDataSource Open(string connectionString, string applicationName)
    {
        DapperConventions.Use();
        // The name of the pool in the metrics: without it, the metrics show the whole address.
        return new NpgsqlDataSourceBuilder(SettingsOf(connectionString, applicationName, "harmony").ConnectionString) { Name = applicationName }.Build();
    }

    /// <summary>An unopened connection outside every pool, for a long-lived use such as LISTEN. Closing it ends the session.</summary>
    public static NpgsqlConnection Alone(string connectionString, string applicationName)
    {
        var settings = SettingsOf(connectionString, applicationName, "harmony");
        settings.Pooling = false;
        return new NpgsqlConnection(settings.ConnectionString);
    }

    /// <param name="actor">The actor of changes without a named actor.</param>
    internal static NpgsqlConnectionStringBuilder SettingsOf(string connectionString, string applicationName, string actor)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = applicationName,
            // DISCARD ALL on every return to the pool would drop the trigger's plans; no code sets session state here.
            NoResetOnClose = true,
            MaxAutoPrepare = 60,
            AutoPrepareMinUsages = 3,
            CommandTimeout = 30,
            CancellationTimeout = 2000,
            // TCP detects a half-open connection, without a wait for an answer that never comes. The driver's own keepalive
            // would block the user of the connection for the length of a statement timeout when the answer is lost (ADR 12).
            TcpKeepAlive = true,
            TcpKeepAliveTime = 10,
            TcpKeepAliveInterval = 3,
            IncludeErrorDetail = true,
        };
        // Statements are many and short: compiling one costs more than it saves.
        if (!(settings.Options ?? "").Contains("jit", StringComparison.Ordinal))
            settings.Options = $"{settings.Options} -c jit=off".Trim();
        if (!(settings.Options ?? "").Contains("harmony.actor", StringComparison.Ordinal))
            settings.Options = $"{settings.Options} -c harmony.actor={actor}".Trim();
        if (settings.Timeout == 15)
            settings.Timeout = 10;
        return settings;
    }
}
