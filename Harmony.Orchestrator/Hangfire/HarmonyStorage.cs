using System.Collections.Concurrent;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.Server;
using Hangfire.Storage;
using Npgsql;

namespace Harmony.Orchestrator;

/// <summary>
/// Hangfire's storage on the tables of our migrations, over our own connections. Servers register and renew through the functions
/// of the fleet, and lists of jobs contain the ledger's titles.
/// </summary>
public sealed class HarmonyStorage : PostgreSqlStorage
{
    private readonly NpgsqlDataSource _source;
    private readonly int _leaseSeconds;

    public HarmonyStorage(NpgsqlDataSource source, OrchestratorOptions options, DashboardUser? user)
        : base(new SourceConnections(source, user), OptionsOf(options))
    {
        _source = source;
        _leaseSeconds = options.LeaseSeconds;
        Titles = new JobTitles(source);
    }

    public JobTitles Titles { get; }

    /// <summary>The rows of this process's servers, as they were announced.</summary>
    internal ConcurrentDictionary<string, string> ServerRows { get; } = new();

    /// <summary>Completed when the server of this process is announced; failed when the fleet refuses it.</summary>
    internal TaskCompletionSource<string> Announced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Rows of Hangfire must have the form of our SQL's rows. These settings are Hangfire's own and hold for the whole process.</summary>
    public static IGlobalConfiguration SetFormats(IGlobalConfiguration configuration) => configuration
        .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
        .UseSimpleAssemblyNameTypeSerializer()
        .UseRecommendedSerializerSettings();

    public override IStorageConnection GetConnection() => new HarmonyConnection(this, _source, _leaseSeconds);

    public override IMonitoringApi GetMonitoringApi() => new TitledMonitoring(base.GetMonitoringApi(), Titles);

    // Hangfire's counter aggregator loses counts that are written while it runs: harmony.expire adds them up instead.
#pragma warning disable CS0618, CS0672 // Obsolete, but Hangfire.PostgreSql implements nothing else.
    public override IEnumerable<IServerComponent> GetComponents() =>
        base.GetComponents().Where(c => c.GetType().Name != "CountersAggregator");
#pragma warning restore CS0618, CS0672

    private static PostgreSqlStorageOptions OptionsOf(OrchestratorOptions options) => new()
    {
        SchemaName = options.HangfireSchema,
        PrepareSchemaIfNecessary = false,
        UseSlidingInvisibilityTimeout = true,
        InvisibilityTimeout = TimeSpan.FromSeconds(options.LeaseSeconds),
        QueuePollInterval = TimeSpan.FromSeconds(2),
        JobExpirationCheckInterval = TimeSpan.FromMinutes(5),
    };

    private sealed class SourceConnections(NpgsqlDataSource source, DashboardUser? user) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => user?.Connect() ?? source.CreateConnection();
    }
}
