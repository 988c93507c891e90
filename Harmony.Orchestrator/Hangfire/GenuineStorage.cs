using Hangfire;
using Hangfire.PostgreSql;
using Npgsql;

namespace Harmony.Orchestrator.Genuine;

/// <summary>Genuine Hangfire's view of the tables our migration created, over our own connections.</summary>
public static class GenuineStorage
{
    public static PostgreSqlStorage Open(NpgsqlDataSource source, string schema)
    {
        // What it writes must look like what we write; these settings are Hangfire's own and process-wide.
        GlobalConfiguration.Configuration
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings();
        return new PostgreSqlStorage(new SourceConnections(source), new PostgreSqlStorageOptions
        {
            SchemaName = schema,
            PrepareSchemaIfNecessary = false,
        });
    }

    private sealed class SourceConnections(NpgsqlDataSource source) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();
    }
}
