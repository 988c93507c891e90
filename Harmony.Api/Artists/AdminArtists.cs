using Harmony.Api.Http;
using Harmony.Data.Artists;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Sync;
using Harmony.Orchestrator;

namespace Harmony.Api.Artists;

/// <summary>The admin actions on an artist, and whether they are possible now.</summary>
internal sealed class AdminArtists(
    ArtistReconcile reconcile, ArtistSyncs syncs, ArtistsRepository artists, JobLedger jobs, ArtistSyncOptions options, TimeProvider time)
{
    public async Task<ArtistSafety> LookAsync(string artistKey, CancellationToken cancellationToken)
    {
        var holders = await jobs.ListHoldersAsync($"artist:{artistKey}", cancellationToken);
        return new ArtistSafety(holders, options, await artists.FindAgeAsync(artistKey, cancellationToken));
    }

    public Task<ArtistPreview> PreviewAsync(string artistKey, CancellationToken cancellationToken) => reconcile.PreviewAsync(artistKey, cancellationToken);

    /// <summary>A forced sync before those of other artists; a sync that waits already is forced and moved up.</summary>
    public Task<Enqueued> EnqueueAsync(string artistKey, int ahead, string actor, CancellationToken cancellationToken) =>
        syncs.RequestAsync(actor, artistKey, force: true, ArtistSyncJob.Spec.Priority + ahead, cancellationToken);

    /// <summary>The job once it has ended; null when it takes longer than a caller should wait.</summary>
    public async Task<JobSheet?> AwaitAsync(long jobId, TimeSpan longest, TimeSpan glance, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var timer = new PeriodicTimer(glance, time);
        while (!limit.IsCancellationRequested)
        {
            if (await jobs.FindAsync(jobId, cancellationToken) is { } ended && HangfireStates.IsEnded(ended.State))
                return ended;
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return null;
    }
}

/// <summary>Whether an admin may write to an artist now, and the age of its data.</summary>
/// <param name="Age">Null when there is no data.</param>
internal sealed record ArtistSafety(IReadOnlyList<KeyHolder> Holders, ArtistSyncOptions Options, TimeSpan? Age)
{
    public KeyHolder? Running => Holders.FirstOrDefault(h => h.Running);

    public int Tries => Holders.Count == 0 ? 0 : Holders.Max(h => h.Attempts);

    public bool IsStale => Age is null || Age > Options.StaleAfter;

    public ApiError? Refusal =>
        Running is { } running ? ApiError.Locked($"Job {running.JobId} is at this artist now.")
        : Options.AdminRetryBudget > 0 && Tries >= Options.AdminRetryBudget
            ? new(429, "RATE_LIMITED", $"The waiting job of this artist has failed {Tries} times; ARTIST_RETRY_BUDGET_MAX is {Options.AdminRetryBudget}. Look at its errors, then requeue or delete it.")
        : null;
}
