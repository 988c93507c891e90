using System.Globalization;
using Harmony.Data;
using Harmony.Data.Watchlist;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists.Watch;

/// <summary>Puts artists on the watchlist, with their first scan in the same transaction.</summary>
public sealed class WatchlistEntries(Database database, WatchlistRepository watchlist, JobQueue queue)
{
    public async Task<WatchlistEntry> AddAsync(WatchRequest request, string requestedBy, CancellationToken cancellationToken)
    {
        if (Complaint(request) is { } complaint)
            return complaint;

        return await database.InTransactionAsync<WatchlistEntry>(
            requestedBy,
            async work =>
            {
                var added = await watchlist.AddAsync(work, request.ArtistKey, request.Priority, request.Backlog, request.Since, cancellationToken);
                if (added is null)
                    return new WatchlistEntry.Duplicate(request.ArtistKey);

                var scan = await queue.EnqueueAsync(
                    work,
                    new ArtistScanArgs(request.ArtistKey),
                    new EnqueueOptions { Priority = ArtistScanJob.Spec.Priority + request.Priority, RequestedBy = requestedBy },
                    cancellationToken);
                await OperatorActions.RecordAsync(
                    work, "watch", $"artist:{request.ArtistKey}", new { request.Priority, request.Backlog, request.Since }, cancellationToken);
                return new WatchlistEntry.Added(added, scan.JobId);
            },
            cancellationToken);
    }

    private static WatchlistEntry.Invalid? Complaint(WatchRequest request)
    {
        if (ArtistKey.SpotifyIdOf(request.ArtistKey) is null)
            return new("artist_key", "must be of the form spotify:<id>");

        if (!Backlog.IsKnown(request.Backlog))
            return new("backlog", "must be none, all or since");

        if (request.Priority is < WatchPriority.Least or > WatchPriority.Most)
            return new("priority", string.Create(CultureInfo.InvariantCulture, $"must be from {WatchPriority.Least} to {WatchPriority.Most}"));

        return (request.Backlog == Backlog.Since) == request.Since.HasValue
            ? null
            : new("since", "a date belongs to backlog 'since', and to no other");
    }
}

/// <summary>Priorities of artists are added to those of kinds and downloads: larger values would overflow.</summary>
public static class WatchPriority
{
    public const int Least = -Most;

    public const int Most = 1_000_000;
}

public sealed record WatchRequest(string ArtistKey, int Priority = 0, string Backlog = "none", DateOnly? Since = null);

/// <summary>The result of a request to watch an artist.</summary>
public abstract record WatchlistEntry
{
    private WatchlistEntry()
    {
    }

    public sealed record Added(WatchedArtist Artist, long ScanJobId) : WatchlistEntry;

    public sealed record Duplicate(string ArtistKey) : WatchlistEntry;

    public sealed record Invalid(string Field, string Message) : WatchlistEntry;
}
