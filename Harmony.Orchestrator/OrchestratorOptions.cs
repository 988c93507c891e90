using Harmony.Orchestrator.Schedules;

namespace Harmony.Orchestrator;

/// <summary>The engine's settings in one process.</summary>
public sealed class OrchestratorOptions
{
    /// <summary>ORCH_GLOBAL_CONCURRENCY: jobs in flight in this process, over all lanes.</summary>
    public int GlobalConcurrency { get; set; } = 16;

    /// <summary>ORCH_POOL_&lt;LANE&gt;: the widths that differ from the lanes' default widths.</summary>
    public IReadOnlyDictionary<string, int> LaneWidths { get; set; } = new Dictionary<string, int>();

    /// <summary>ORCH_PRIORITY_*: which lanes are served first while a process has less capacity than they need; 0 when not set.</summary>
    public IReadOnlyDictionary<string, int> LanePriorities { get; set; } = new Dictionary<string, int>();

    /// <summary>ORCH_VISIBILITY_TIMEOUT_S: the length of a lease, the same in the whole fleet.</summary>
    public int LeaseSeconds { get; set; } = 60;

    /// <summary>ORCH_POLL_INTERVAL_MS: the time until the next poll without a notification.</summary>
    public int PollMs { get; set; } = 200;

    /// <summary>ORCH_POLL_INTERVAL_MAX_MS: the upper limit of the poll interval while it grows without work.</summary>
    public int PollMaxMs { get; set; } = 2000;

    /// <summary>SHUTDOWN_GRACE_S: how long running jobs may continue after a stop.</summary>
    public int ShutdownGraceSeconds { get; set; } = 20;

    /// <summary>AUDIT_RETENTION_DAYS: how long ended jobs and their history are kept.</summary>
    public int AuditRetentionDays { get; set; } = 365;

    /// <summary>DLQ_RETENTION_DAYS: how long dead letters are kept; 0 for ever.</summary>
    public int DeadLetterRetentionDays { get; set; }

    /// <summary>HARMONY_HANGFIRE_SCHEMA: the schema of Hangfire's tables.</summary>
    public string HangfireSchema { get; set; } = "hangfire";

    /// <summary>HANGFIRE_QUEUES: queues with jobs that are not ours; Hangfire's own worker runs them.</summary>
    public string[] HangfireQueues { get; set; } = ["default"];

    /// <summary>HANGFIRE_WORKERS: how many of those jobs run at once in this process; 0 leaves them to other servers.</summary>
    public int HangfireWorkers { get; set; } = 2;

    public RetryOverride? RetryDefaults { get; set; }

    public IReadOnlyDictionary<string, RetryOverride> RetryByKind { get; set; } = new Dictionary<string, RetryOverride>();

    /// <summary>SCHEDULE_* and the built-in schedules: the fleet fires each slot once.</summary>
    public IReadOnlyList<Schedule> Schedules { get; set; } = [];

    public int WidthOf(Lane lane) => LaneWidths.GetValueOrDefault(lane.Name, lane.Width);
}
