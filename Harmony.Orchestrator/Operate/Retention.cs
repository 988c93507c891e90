using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>Deletes rows older than the configured retention. The audit of operators is kept for ever.</summary>
public sealed class Retention(Database database, OrchestratorOptions options)
{
    private const int Batch = 5000;

    public sealed record Swept(int Jobs, int DeadLetters, int Slots, IReadOnlyList<string> Months);

    /// <summary>Deletes in batches until none is left; safe to stop after any batch.</summary>
    public async Task<Swept> SweepAsync(Func<long, Task> progress, CancellationToken cancellationToken)
    {
        var audit = TimeSpan.FromDays(options.AuditRetentionDays);
        var letters = options.DeadLetterRetentionDays == 0
            ? 0
            : await RepeatAsync("select harmony.expire_dead_letters(@keep, @limit)", TimeSpan.FromDays(options.DeadLetterRetentionDays), 500, progress, cancellationToken);
        var jobs = await RepeatAsync("select harmony.forget_jobs(@keep, @limit)", audit, Batch, progress, cancellationToken);
        var slots = await RepeatAsync("select harmony.forget_slots(@keep, @limit)", audit, Batch, progress, cancellationToken);
        var months = await database.QueryFirstAsync<string[]>(
            "select harmony.drop_old_months(@keep, @limit)", new { keep = audit, limit = Batch }, cancellationToken);
        return new(jobs, letters, slots, months ?? []);
    }

    private async Task<int> RepeatAsync(string sql, TimeSpan keep, int limit, Func<long, Task> progress, CancellationToken cancellationToken)
    {
        var (total, last) = (0, limit);
        while (last == limit)
        {
            last = await database.QueryFirstAsync<int>(sql, new { keep, limit }, cancellationToken);
            total += last;
            await progress(total);
        }

        return total;
    }
}
