using Harmony.Data;

namespace Harmony.Orchestrator.Schedules;

/// <summary>Reads schedules and their firings.</summary>
public sealed class ScheduleReader(Database database)
{
    public Task<IReadOnlyList<ScheduleLine>> ListAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<ScheduleLine>(
            """
            select
                s.schedule,
                s.kind,
                s.expression,
                s.words,
                s.zone,
                s.misfire,
                s.enabled,
                s.next_at,
                s.synced_at < harmony.now() - interval '5 minutes' as forgotten,
                s.next_at < harmony.now() - interval '1 minute' as late,
                missed.slots as missed,
                p.paused_by,
                p.reason as paused_why,
                p.until as paused_until,
                last.slot as last_slot,
                last.fired_at as last_fired,
                last.job_id as last_job_id,
                j.state as last_state,
                j.duration_ms as last_duration_ms
            from harmony.schedule s
            left join harmony.pause p
                on p.scope = 'schedule'
                and p.name = s.schedule
                and (p.until is null or p.until > harmony.now())
            left join lateral (
                select
                    x.slot,
                    x.fired_at,
                    x.job_id
                from harmony.schedule_slot x
                where x.schedule = s.schedule
                    and x.job_id is not null
                order by x.slot desc
                limit 1
            ) last on true
            cross join lateral (
                select count(*) as slots
                from harmony.schedule_slot x
                where x.schedule = s.schedule
                    and x.outcome = 'missed'
                    and x.slot > harmony.now() - interval '1 day'
            ) missed
            left join harmony.job j on j.job_id = last.job_id
            order by s.schedule
            """,
            null,
            cancellationToken);

    /// <summary>The last firings, newest first, including missed and paused slots.</summary>
    public Task<IReadOnlyList<Firing>> FiringsAsync(string schedule, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<Firing>(
            """
            select
                x.slot,
                x.fired_at,
                x.outcome,
                x.job_id,
                j.state,
                j.duration_ms
            from harmony.schedule_slot x
            left join harmony.job j on j.job_id = x.job_id
            where x.schedule = @schedule
            order by x.slot desc
            limit @limit
            """,
            new { schedule, limit },
            cancellationToken);
}

public sealed record ScheduleLine
{
    public required string Schedule { get; init; }

    public required string Kind { get; init; }

    public required string Expression { get; init; }

    /// <summary>The cron expression in words; null for an interval.</summary>
    public string? Words { get; init; }

    public required string Zone { get; init; }

    public required string Misfire { get; init; }

    public required bool Enabled { get; init; }

    public DateTimeOffset? NextAt { get; init; }

    /// <summary>No process fires it at the moment.</summary>
    public required bool Forgotten { get; init; }

    public bool? Late { get; init; }

    /// <summary>Slots of the last day that were missed.</summary>
    public required long Missed { get; init; }

    public string? PausedBy { get; init; }

    public string? PausedWhy { get; init; }

    public DateTimeOffset? PausedUntil { get; init; }

    public DateTimeOffset? LastSlot { get; init; }

    public DateTimeOffset? LastFired { get; init; }

    public long? LastJobId { get; init; }

    public string? LastState { get; init; }

    public long? LastDurationMs { get; init; }
}

public sealed record Firing
{
    public required DateTimeOffset Slot { get; init; }

    public required DateTimeOffset FiredAt { get; init; }

    /// <summary>fired, missed, paused or by_hand.</summary>
    public required string Outcome { get; init; }

    public long? JobId { get; init; }

    public string? State { get; init; }

    public long? DurationMs { get; init; }
}
