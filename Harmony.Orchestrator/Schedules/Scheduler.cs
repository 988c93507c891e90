using System.Text.Json;
using Harmony.Data;

namespace Harmony.Orchestrator.Schedules;

/// <summary>
/// Fires due slots. Every process does this all the time: the row of a slot admits only one of them, so there is no leader
/// whose crash could lose a slot.
/// </summary>
internal sealed class Scheduler(Database database, IReadOnlyList<Schedule> schedules)
{
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        var now = await database.QueryFirstAsync<DateTimeOffset>("select harmony.now()", null, cancellationToken);
        var rows = schedules.Select(s => new
        {
            schedule = s.Name,
            kind = s.Kind,
            args = JsonDocument.Parse(s.ArgsJson).RootElement,
            expression = s.Expression,
            zone = s.Zone.Id,
            misfire = s.Misfire.ToString().ToLowerInvariant(),
            enabled = s.Enabled,
            words = s.Cron is null ? CronWords.Of(s.Every!.Value) : CronWords.Of(s.Cron),
            next_at = s.Enabled ? s.SlotsAfter(now).Select(a => (DateTimeOffset?)a).FirstOrDefault() : null,
        });
        await database.ExecuteAsync(
            "select harmony.sync_schedules(@rows::jsonb)", new { rows = JsonSerializer.Serialize(rows, JobJson.Options) }, cancellationToken);
    }

    public async Task FireAsync(CancellationToken cancellationToken)
    {
        var known = await database.QueryAsync<Standing>(
            """
            select
                s.schedule as name,
                s.since,
                harmony.last_slot(s.schedule) as last,
                harmony.now() as now
            from harmony.schedule s
            where s.enabled
            """,
            null,
            cancellationToken);
        var fired = false;
        foreach (var schedule in schedules.Where(s => s.Enabled))
        {
            // The row was deleted by a process of another configuration, or never written: the next sync writes it.
            if (known.FirstOrDefault(k => k.Name == schedule.Name) is { } standing)
                fired |= await FireAsync(schedule, standing, cancellationToken);
        }

        if (fired)
            await SyncAsync(cancellationToken);
    }

    private async Task<bool> FireAsync(Schedule schedule, Standing standing, CancellationToken cancellationToken)
    {
        // A new interval is due at once; a cron expression is due at its next instant.
        var first = schedule.Every is { } every ? standing.Since - every : standing.Since;
        var last = standing.Last is { } dealt && dealt > first ? dealt : first;
        var due = DueSlots.Of(schedule, last, standing.Now);
        var missed = due.Where(d => !d.Fires).Select(d => d.At.UtcDateTime).ToArray();
        if (missed.Length > 0)
            await database.ExecuteAsync("select harmony.miss(@Name, @missed)", new { schedule.Name, missed }, cancellationToken);
        foreach (var slot in due.Where(d => d.Fires))
        {
            await database.ExecuteAsync(
                "select harmony.fire(@Name, @At, @delay)", new { schedule.Name, slot.At, delay = schedule.DelayOf(slot.At) }, cancellationToken);
        }

        return due.Count > 0;
    }

    private sealed record Standing
    {
        public required string Name { get; init; }

        public required DateTimeOffset Since { get; init; }

        public DateTimeOffset? Last { get; init; }

        public required DateTimeOffset Now { get; init; }
    }
}
