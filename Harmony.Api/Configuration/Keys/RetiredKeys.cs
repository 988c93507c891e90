namespace Harmony.Api.Configuration.Keys;

/// <summary>Names the origin systems knew and Harmony no longer needs.</summary>
public static class RetiredKeys
{
    public static IReadOnlyList<RetiredKey> All { get; } =
    [
        new("ALEMBIC_DATABASE_URL", "Migrations run against DATABASE_URL."),
        new("HARMONY_INIT_DB", "The schema is made by migrations (FEATURE_RUN_MIGRATIONS)."),
        new("WORKERS_ENABLED", "HARMONY_ROLES says whether a process runs jobs."),
        new("HARMONY_DISABLE_WORKERS", "HARMONY_ROLES says whether a process runs jobs."),
        new("WORKER_MAX_CONCURRENCY", "ORCH_GLOBAL_CONCURRENCY and ORCH_POOL_* bound what runs at once."),
        new("WORKER_VISIBILITY_TIMEOUT_S", "ORCH_VISIBILITY_TIMEOUT_S is the lease of every job."),
        new("WORKER_CONCURRENCY", "ORCH_POOL_DOWNLOAD bounds downloads."),
        new("SYNC_WORKER_CONCURRENCY", "ORCH_POOL_DOWNLOAD bounds downloads."),
        new("ORCH_HEARTBEAT_S", "Leases are renewed at half their length."),
        new("ORCH_POOL_RETRY", "Failed jobs come back by themselves; there is no retry scan."),
        new("RETRY_SCAN_INTERVAL_SEC", "Failed jobs come back by themselves; there is no retry scan."),
        new("RETRY_SCAN_BATCH_LIMIT", "Failed jobs come back by themselves; there is no retry scan."),
        new("CIRCUIT_BREAKER_*", "The breaker of every provider is the same: five failures in a row, a minute, two successes."),
        new("WATCHLIST_DB_IO_MODE", "Database calls are always asynchronous."),
        new("WATCHLIST_SHUTDOWN_GRACE_MS", "SHUTDOWN_GRACE_S covers every job."),
        new("IDEMPOTENCY_*", "Uniqueness lives in PostgreSQL."),
        new("PLEX_*", "Plex is not part of Harmony any more."),
        new("VITE_*", "There is no front-end build."),
        new("UI_ALLOW_CDN", "Pages never load anything from elsewhere."),
    ];
}
