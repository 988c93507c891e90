using Hangfire;
using Hangfire.PostgreSql;
using Npgsql;

namespace Harmony.Orchestrator;

/// <summary>Hangfire's own storage on the tables our migration created, over our own connections.</summary>
public static class HangfireStorage
{
    /// <param name="signed">A connection in somebody's name, where somebody is acting.</param>
    public static PostgreSqlStorage Open(NpgsqlDataSource source, string schema, Func<NpgsqlConnection?>? signed = null)
    {
        // What it writes must look like what we write; these settings are Hangfire's own and process-wide.
        GlobalConfiguration.Configuration
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings();
        return new PostgreSqlStorage(new SourceConnections(source, signed), new PostgreSqlStorageOptions
        {
            SchemaName = schema,
            PrepareSchemaIfNecessary = false,
        });
    }

    private sealed class SourceConnections(NpgsqlDataSource source, Func<NpgsqlConnection?>? signed) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => signed?.Invoke() ?? source.CreateConnection();
    }
}
