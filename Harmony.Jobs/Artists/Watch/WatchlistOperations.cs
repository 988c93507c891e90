using Harmony.Data;
using Harmony.Data.Downloads;
using Harmony.Data.Watchlist;

namespace Harmony.Jobs.Artists.Watch;

/// <summary>Operator actions on artists of the two lists. The audit records each action with its actor.</summary>
public sealed class WatchlistOperations(Database database, WatchlistRepository watched, ArtistWatchlistRepository synced, WantedRepository wanted)
{
    /// <summary>For this and the next methods: null when the artist is not watched.</summary>
    public Task<WatchedArtist?> PrioritiseAsync(string actor, string artistKey, int priority, CancellationToken cancellationToken) =>
        ChangeAsync(actor, "watch_priority", artistKey, new { priority }, work => watched.SetPriorityAsync(work, artistKey, priority, cancellationToken), cancellationToken);

    public Task<WatchedArtist?> PauseAsync(string actor, string artistKey, string reason, DateTimeOffset? resumeAt, CancellationToken cancellationToken) =>
        ChangeAsync(actor, "watch_pause", artistKey, new { reason, resumeAt }, work => watched.PauseAsync(work, artistKey, reason, resumeAt, cancellationToken), cancellationToken);

    public Task<WatchedArtist?> PauseForAsync(string actor, string artistKey, string reason, TimeSpan length, CancellationToken cancellationToken) =>
        ChangeAsync(actor, "watch_pause", artistKey, new { reason, length }, work => watched.PauseForAsync(work, artistKey, reason, length, cancellationToken), cancellationToken);

    public Task<WatchedArtist?> ResumeAsync(string actor, string artistKey, CancellationToken cancellationToken) =>
        ChangeAsync(actor, "watch_resume", artistKey, null, work => watched.ResumeAsync(work, artistKey, cancellationToken), cancellationToken);

    public async Task<bool> UnwatchAsync(string actor, string artistKey, CancellationToken cancellationToken) =>
        await ChangeAsync(actor, "unwatch", artistKey, null, work => UnwatchAsync(work, artistKey, cancellationToken), cancellationToken) is not null;

    /// <summary>Puts the artist on the metadata list, or sets both values of an existing entry.</summary>
    public async Task<SyncedArtist> KeepFreshAsync(string actor, string artistKey, int priority, DateTimeOffset? cooldownUntil, CancellationToken cancellationToken) =>
        (await ChangeAsync<SyncedArtist>(
            actor, "metadata_watch", artistKey, new { priority, cooldownUntil }, async work => await synced.SaveAsync(work, artistKey, priority, cooldownUntil, cancellationToken), cancellationToken))!;

    /// <summary>Null when it is not on that list.</summary>
    public Task<SyncedArtist?> PrioritiseFreshAsync(string actor, string artistKey, int priority, CancellationToken cancellationToken) =>
        ChangeAsync(actor, "metadata_priority", artistKey, new { priority }, work => synced.SetPriorityAsync(work, artistKey, priority, cancellationToken), cancellationToken);

    public async Task<bool> DropAsync(string actor, string artistKey, CancellationToken cancellationToken) =>
        await ChangeAsync(actor, "metadata_unwatch", artistKey, null, async work => await synced.RemoveAsync(work, artistKey, cancellationToken) ? artistKey : null, cancellationToken) is not null;

    // Tracks that only the watchlist wanted end as soon as their jobs look.
    private async Task<string?> UnwatchAsync(Work work, string artistKey, CancellationToken cancellationToken)
    {
        if (!await watched.RemoveAsync(work, artistKey, cancellationToken))
            return null;

        await wanted.WakeAsync(work, await wanted.ListOfArtistAsync(work, artistKey, cancellationToken), cancellationToken);
        return artistKey;
    }

    private Task<T?> ChangeAsync<T>(string actor, string action, string artistKey, object? detail, Func<Work, Task<T?>> change, CancellationToken cancellationToken)
        where T : class =>
        database.InTransactionAsync(
            actor,
            async work =>
            {
                var changed = await change(work);
                if (changed is not null)
                    await OperatorActions.RecordAsync(work, action, $"artist:{artistKey}", detail, cancellationToken);

                return changed;
            },
            cancellationToken);
}
