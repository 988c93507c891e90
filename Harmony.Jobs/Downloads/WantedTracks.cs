using Harmony.Data;
using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Downloads.Search;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>A track without a file to take waits until its next search. No attempt is spent: on Soulseek this is no fault, but the usual case.</summary>
internal sealed class WantedTracks(DownloadStagesRepository stages, WantedRepository wanted, WantedOptions options, RandomSource random, TimeProvider time)
{
    private static readonly TimeSpan AfterFailedSearch = TimeSpan.FromMinutes(15);

    /// <summary>Ends a download that only the watchlist wanted, when its artist is no longer watched. Null: it is still wanted.</summary>
    public async Task<JobEnd?> EndUnwantedAsync(Download row, CancellationToken cancellationToken) =>
        row.IsWanted && !await wanted.IsStillWantedAsync(row.Id, cancellationToken)
            ? JobEnd.Discard("cancelled", $"{row.Artist} is no longer watched.")
            : null;

    /// <summary>All searches of this round are judged, and no file will do.</summary>
    public async Task<JobEnd> WaitForNextSearchAsync(Download row, JobRun run, IReadOnlyList<RankedCandidate> verdicts, CancellationToken cancellationToken)
    {
        var closest = Closest.Of(verdicts);
        var sentence = closest is null
            ? $"No peer on Soulseek offers {row.Artist} - {row.Title}."
            : $"None of {verdicts.Count} files will do for {row.Artist} - {row.Title}; the closest, {closest.Filename} of {closest.Username}: {closest.Sentence}";
        var wait = options.WaitAfter(row.Searches, time.GetUtcNow() - row.CreatedAt, random.Next());
        await run.InTransactionAsync(
            work => stages.WantAsync(work, row.Id, wait, closest is null ? null : RowJson.Write(closest), sentence, cancellationToken), cancellationToken);
        return Wait(row, wait, sentence);
    }

    /// <summary>The search itself failed: it says nothing about the track.</summary>
    public async Task<JobEnd> WaitAfterFailedSearchAsync(Download row, JobRun run, string query, string error, CancellationToken cancellationToken)
    {
        var sentence = $"the search for \"{query}\" failed: {error}";
        await run.InTransactionAsync(work => stages.SearchLaterAsync(work, row.Id, AfterFailedSearch, sentence, cancellationToken), cancellationToken);
        return Wait(row, AfterFailedSearch, sentence);
    }

    /// <summary>Only peers that failed a short time ago have the file: they are asked again.</summary>
    public async Task<JobEnd> WaitForPeerAsync(Download row, DeniedPeer peer, CancellationToken cancellationToken)
    {
        var wait = peer.Until - time.GetUtcNow();
        var sentence = $"only {peer.Username} has it, and failed: {peer.Sentence}";
        await stages.ExplainAsync(row.Id, sentence, cancellationToken);
        return Wait(row, wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1), sentence);
    }

    /// <summary>The row was woken by answers to another track, and none of them will do: the time of its next search stays.</summary>
    public static JobEnd KeepWaiting(Download row) => Wait(row, row.NextSearchIn ?? TimeSpan.Zero, row.Reason ?? "no peer offers it");

    private static JobEnd Wait(Download row, TimeSpan wait, string reason) => JobEnd.Park(wait, WantedRepository.WakeKey(row.Id), reason);
}

/// <summary>The rejected file that passed the most rules, as it is stored with the download.</summary>
public sealed record Closest(string Username, string Filename, string Sentence, int Considered)
{
    public static Closest? Parse(string? json) => json is null ? null : RowJson.Read<Closest>(json);

    internal static Closest? Of(IReadOnlyList<RankedCandidate> verdicts) =>
        verdicts.Where(v => !v.Accepted).MaxBy(v => (v.Passed, v.Score)) is { } best
            ? new(best.Candidate.Username, best.Candidate.Filename, best.Rejection!, verdicts.Count)
            : null;
}
