using Npgsql;

namespace Harmony.Data;

/// <summary>Opens the one data source of a process, with the settings that every connection of ours must have.</summary>
public static class DataSources
{
    public static NpgsqlDataSource Open(string connectionString, string applicationName)
    {
        DapperConventions.Use();
        // The name is what the pool is called in figures: without one that is the whole address.
        return new NpgsqlDataSourceBuilder(SettingsOf(connectionString, applicationName, "harmony").ConnectionString) { Name = applicationName }.Build();
    }

    /// <summary>A connection outside every pool, not open yet, for who keeps one: to listen on it, say. Nobody waits for it, and closed it is gone.</summary>
    public static NpgsqlConnection Alone(string connectionString, string applicationName)
    {
        var settings = SettingsOf(connectionString, applicationName, "harmony");
        settings.Pooling = false;
        return new NpgsqlConnection(settings.ConnectionString);
    }

    /// <param name="actor">On whom is booked what nobody else signs.</param>
    internal static NpgsqlConnectionStringBuilder SettingsOf(string connectionString, string applicationName, string actor)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = applicationName,
            // DISCARD ALL on every return to the pool would throw away the trigger's plans; nobody sets session state here.
            NoResetOnClose = true,
            MaxAutoPrepare = 60,
            AutoPrepareMinUsages = 3,
            CommandTimeout = 30,
            CancellationTimeout = 2000,
            // A half-open connection is noticed by TCP, not by waiting for an answer that never comes. The driver's own keepalive
            // would hold whoever needs its connection for as long as a statement may take, when its answer is lost (ADR 12).
            TcpKeepAlive = true,
            TcpKeepAliveTime = 10,
            TcpKeepAliveInterval = 3,
            IncludeErrorDetail = true,
        };
        // Statements are many and short: compiling one costs more than it ever saves.
        if (!(settings.Options ?? "").Contains("jit", StringComparison.Ordinal))
            settings.Options = $"{settings.Options} -c jit=off".Trim();
        if (!(settings.Options ?? "").Contains("harmony.actor", StringComparison.Ordinal))
            settings.Options = $"{settings.Options} -c harmony.actor={actor}".Trim();
        if (settings.Timeout == 15)
            settings.Timeout = 10;
        return settings;
    }
}
