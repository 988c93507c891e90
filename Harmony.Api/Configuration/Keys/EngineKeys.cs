namespace Harmony.Api.Configuration.Keys;

/// <summary>The engine: how much at once, how long a lease, when to try again. Lanes and kinds have keys of their own (<see cref="EngineFamilies"/>).</summary>
internal static class EngineKeys
{
    public static readonly EnvKey<int> GlobalConcurrency = new("ORCH_GLOBAL_CONCURRENCY", EnvForms.Whole(1, 1000), 16, "Jobs running at once in this process, over all lanes.");

    public static readonly EnvKey<int> VisibilityTimeout = new("ORCH_VISIBILITY_TIMEOUT_S", EnvForms.Whole(5, 3600), 60, "Lease of a running job, renewed at half; a dead process's jobs are taken over after it. The same in every process of a fleet.");

    public static readonly EnvKey<int> PollInterval = new("ORCH_POLL_INTERVAL_MS", EnvForms.Whole(10, 60_000), 200, "How soon to look again while there is work.");

    public static readonly EnvKey<int> PollIntervalMax = new("ORCH_POLL_INTERVAL_MAX_MS", EnvForms.Whole(10, 60_000), 2000, "How rarely to look when idle; a notification wakes the process at once anyway.");

    public static readonly EnvKey<int> RetryReload = new("RETRY_POLICY_RELOAD_S", EnvForms.WholeSeconds(1, 86_400), 10, "How often the RETRY_* keys of .env are read again while jobs run. What the environment itself says cannot change.");

    public static readonly EnvKey<int?> RetryMaxAttempts = new("RETRY_MAX_ATTEMPTS", EnvForms.WholeOrUnset(0, 1000), null, "Retries after the first run, for every kind without its own number. Unset: what the kind declares (10 for most).");

    public static readonly EnvKey<double?> RetryBaseSeconds = new("RETRY_BASE_SECONDS", EnvForms.NumberOrUnset(0.001, 86_400), null, "First retry delay; it doubles with each failure, six times at most. Unset: what the kind declares (60 for most).");

    public static readonly EnvKey<double?> RetryJitter = new("RETRY_JITTER_PCT", EnvForms.ShareOrUnset, null, "How much a delay may vary either way. Unset: 0.2.");

    public static readonly EnvKey<double?> RetryTimeoutSeconds = new("RETRY_TIMEOUT_SECONDS", EnvForms.NumberOrUnset(0.1, 86_400), null, "How long a run may take. Unset: what the kind declares.");

    public static readonly EnvKey<int> AuditRetention = new("AUDIT_RETENTION_DAYS", EnvForms.Whole(1, 36_500), 365, "How long ended jobs, their history and the slots of schedules are kept. What operators did is kept for ever.");

    public static readonly EnvKey<int> DlqRetention = new("DLQ_RETENTION_DAYS", EnvForms.Whole(0, 36_500), 0, "How long a dead letter waits for somebody before it is purged; 0: for ever.");

    public static IReadOnlyList<EnvKey> All { get; } =
        [GlobalConcurrency, VisibilityTimeout, PollInterval, PollIntervalMax, RetryReload, RetryMaxAttempts, RetryBaseSeconds, RetryJitter, RetryTimeoutSeconds, AuditRetention, DlqRetention];
}
