namespace Harmony.Api.Configuration.Keys;

/// <summary>Keys of the engine: widths, leases, retries. Lanes and kinds have keys of their own (<see cref="EngineFamilies"/>).</summary>
internal static class EngineKeys
{
    /// <summary>The forms of RETRY_* and RETRY_&lt;KIND&gt;_*.</summary>
    internal static readonly EnvForm<int> RetryCount = EnvForms.Whole(0, 1000);
    internal static readonly EnvForm<TimeSpan> RetryBase = EnvForms.Number(0.001, 86_400).InSeconds();
    internal static readonly EnvForm<TimeSpan> RetryTimeout = EnvForms.Number(0.1, 86_400).InSeconds();

    public static readonly EnvKey<int> GlobalConcurrency = new("ORCH_GLOBAL_CONCURRENCY", EnvForms.Whole(1, 1000), 16, "Jobs running at once in this process, over all lanes.") { Sets = ["Orchestrator:GlobalConcurrency"] };

    public static readonly EnvKey<int> VisibilityTimeout = new("ORCH_VISIBILITY_TIMEOUT_S", EnvForms.Whole(5, 3600), 60, "Lease of a running job, renewed at half; a dead process's jobs are taken over after it. The same in every process of a fleet.") { Sets = ["Orchestrator:LeaseSeconds"] };

    public static readonly EnvKey<int> PollInterval = new("ORCH_POLL_INTERVAL_MS", EnvForms.Whole(10, 60_000), 200, "How soon to look again while there is work.") { Sets = ["Orchestrator:PollMs"] };

    public static readonly EnvKey<int> PollIntervalMax = new("ORCH_POLL_INTERVAL_MAX_MS", EnvForms.Whole(10, 60_000), 2000, "How rarely to look when idle; a notification wakes the process at once anyway.") { Sets = ["Orchestrator:PollMaxMs"] };

    public static readonly EnvKey<TimeSpan> RetryReload = new("RETRY_POLICY_RELOAD_S", EnvForms.WholeSeconds(1, 86_400).InSeconds(), TimeSpan.FromSeconds(10), "How often the RETRY_* keys of .env are read again while jobs run. What the environment itself says cannot change.");

    public static readonly EnvKey<int?> RetryMaxAttempts = new("RETRY_MAX_ATTEMPTS", RetryCount.OrUnset(), null, "Retries after the first run, for every kind without its own number. Unset: what the kind declares (10 for most).") { Sets = ["Orchestrator:RetryDefaults:MaxRetries"] };

    public static readonly EnvKey<TimeSpan?> RetryBaseSeconds = new("RETRY_BASE_SECONDS", RetryBase.OrUnset(), null, "First retry delay; it doubles with each failure, six times at most. Unset: what the kind declares (60 for most).") { Sets = ["Orchestrator:RetryDefaults:Base"] };

    public static readonly EnvKey<double?> RetryJitter = new("RETRY_JITTER_PCT", EnvForms.Share.OrUnset(), null, "How much a delay may vary either way. Unset: 0.2.") { Sets = ["Orchestrator:RetryDefaults:Jitter"] };

    public static readonly EnvKey<TimeSpan?> RetryTimeoutSeconds = new("RETRY_TIMEOUT_SECONDS", RetryTimeout.OrUnset(), null, "How long a run may take. Unset: what the kind declares.") { Sets = ["Orchestrator:RetryDefaults:Timeout"] };

    public static readonly EnvKey<int> AuditRetention = new("AUDIT_RETENTION_DAYS", EnvForms.Whole(1, 36_500), 365, "How long ended jobs, their history and the slots of schedules are kept. What operators did is kept for ever.") { Sets = ["Orchestrator:AuditRetentionDays"] };

    public static readonly EnvKey<int> DlqRetention = new("DLQ_RETENTION_DAYS", EnvForms.Whole(0, 36_500), 0, "How long a dead letter waits for somebody before it is purged; 0: for ever.") { Sets = ["Orchestrator:DeadLetterRetentionDays"] };

    public static readonly EnvKey<IReadOnlyList<string>> HangfireQueues = new("HANGFIRE_QUEUES", EnvForms.QueueNames, ["default"], "Queues of Hangfire jobs that are not Harmony's own; this process runs them with Hangfire's worker. See docs/hangfire.md.") { Sets = ["Orchestrator:HangfireQueues"] };

    public static readonly EnvKey<int> HangfireWorkers = new("HANGFIRE_WORKERS", EnvForms.Whole(0, 100), 2, "How many jobs of HANGFIRE_QUEUES run at once in this process; 0 leaves them to other Hangfire servers.") { Sets = ["Orchestrator:HangfireWorkers"] };

    public static IReadOnlyList<EnvKey> All { get; } =
        [GlobalConcurrency, VisibilityTimeout, PollInterval, PollIntervalMax, RetryReload, RetryMaxAttempts, RetryBaseSeconds, RetryJitter, RetryTimeoutSeconds, AuditRetention, DlqRetention, HangfireQueues, HangfireWorkers];
}
