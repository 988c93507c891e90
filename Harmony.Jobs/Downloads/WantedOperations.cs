using Harmony.Data;
using Harmony.Data.Downloads;

namespace Harmony.Jobs.Downloads;

/// <summary>What operators do with wanted tracks. The audit records each action with its actor.</summary>
public sealed class WantedOperations(Database database, WantedRepository wanted)
{
    /// <summary>The most tracks of one call.</summary>
    public const int Most = 1000;

    /// <summary>Searches these now, or all when none are given, the longest waiting first; the rate limit of searches still holds.</summary>
    public Task<WantedChange> SearchNowAsync(string actor, IReadOnlyList<long>? ids, CancellationToken cancellationToken) =>
        ChangeAsync(
            actor,
            "search_now",
            ids,
            async (work, chosen) =>
            {
                await wanted.SearchNowAsync(work, chosen, actor, cancellationToken);
                await wanted.WakeAsync(work, chosen, cancellationToken);
                return (long)chosen.Count;
            },
            cancellationToken);

    /// <summary>Cancels these: they are not searched any more.</summary>
    public Task<WantedChange> StopAsync(string actor, IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        ChangeAsync(actor, "stop_wanting", ids, (work, chosen) => wanted.StopAsync(work, chosen, cancellationToken), cancellationToken);

    private Task<WantedChange> ChangeAsync(
        string actor, string action, IReadOnlyList<long>? ids, Func<Work, IReadOnlyList<long>, Task<long>> change, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            actor,
            async work =>
            {
                var chosen = await wanted.ChooseAsync(work, ids, Most, cancellationToken);
                var changed = await change(work, chosen);
                await OperatorActions.RecordAsync(work, action, "wanted", new { asked = ids?.Count, changed }, cancellationToken);
                return new WantedChange(ids?.Count ?? chosen.Count, changed);
            },
            cancellationToken);
}

/// <summary>The number of tracks that were named, and of those that changed: others are not wanted any more, or busy at this moment.</summary>
public sealed record WantedChange(long Asked, long Changed);
