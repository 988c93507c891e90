using Harmony.Data;
using Harmony.Data.Ingest;

namespace Harmony.Jobs.Ingest;

/// <summary>Accepts posted lists of tracks; a backfill gives them their Spotify ids.</summary>
public sealed class IngestRequests(Database database, IngestRepository ingest, IngestOptions options)
{
    public async Task<IngestReceipt> ImportAsync(IReadOnlyList<string> lines, int? batchHint, CancellationToken cancellationToken)
    {
        var id = $"job_{Guid.CreateVersion7():n}";
        if (await ingest.CountOpenJobsAsync(cancellationToken) >= options.MaxPendingJobs)
            return new IngestReceipt(null, 0, 0, lines.Count, IngestReceipt.Backpressure);

        var parsed = lines.Select(line => (Line: line, Track: TrackLine.Parse(line))).ToList();
        var fresh = parsed.Where(p => p.Track is not null).DistinctBy(p => p.Track!.DedupeHash).ToList();
        var items = fresh
            .Take(options.MaxTracksPerRequest)
            .Select((p, at) => new IngestItemWrite(
                at, "FILE", p.Line.Trim(), p.Track!.Artist, p.Track.Title, p.Track.Album, p.Track.DurationSec, p.Track.DedupeHash))
            .ToList();
        var size = Math.Clamp(batchHint ?? options.BatchSize, 1, 2 * options.BatchSize);
        var batches = (items.Count + size - 1) / size;
        var skipped = lines.Count - items.Count;
        var reason = Reason(parsed.Count(p => p.Track is null), fresh.Count - items.Count, skipped);
        var state = items.Count > 0 ? "normalized" : "failed";
        await database.InTransactionAsync(
            work => ingest.RegisterAsync(work, new IngestRegistration(id, "FREE", state, items.Count, batches, skipped, reason), items, cancellationToken),
            cancellationToken);
        return new IngestReceipt(id, items.Count, batches, skipped, reason);
    }

    private static string? Reason(int unreadable, int beyondLimit, int skipped)
    {
        if (skipped == 0)
            return null;

        return beyondLimit > 0 ? "limit" : unreadable > 0 ? "invalid_line" : "duplicate";
    }
}

/// <summary>The result for a posted list; without a job id none of it was accepted.</summary>
public sealed record IngestReceipt(string? JobId, int AcceptedTracks, int Batches, int SkippedTracks, string? SkipReason)
{
    public const string Backpressure = "backpressure";
}
