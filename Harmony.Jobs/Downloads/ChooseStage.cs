using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Downloads.Search;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Finds peers that have the track: the search of the whole release first, so that one peer may serve it, then one for the track.</summary>
internal sealed class ChooseStage(
    ReleasesRepository releases,
    DownloadStagesRepository stages,
    SearchRequests searches,
    WantedTracks wanted,
    CandidateChoice choice)
    : IDownloadStage
{
    public IReadOnlyList<string> From { get; } = [DownloadStage.Wanted, DownloadStage.Searching];

    public async Task<JobEnd?> RunAsync(Download row, JobRun run, CancellationToken cancellationToken)
    {
        if (await wanted.EndUnwantedAsync(row, cancellationToken) is { } unwanted)
            return unwanted;

        var tracks = row.ReleaseId is { } releaseId ? await releases.ListTracksAsync(releaseId, cancellationToken) : [];
        var verdicts = new List<RankedCandidate>();
        foreach (var (scope, query) in SearchPlan.For(row))
        {
            if (await searches.FindAnswersAsync(row, query, cancellationToken) is { } answers)
            {
                var ranked = choice.Rank(row, tracks, answers.Results!);
                if (ranked.FirstOrDefault(r => r.Accepted) is { } best)
                {
                    await run.InTransactionAsync(work => stages.ChooseAsync(work, row.Id, CandidateChoice.ToRow(best.Candidate), cancellationToken), cancellationToken);
                    return null;
                }

                verdicts.AddRange(ranked);
            }
            else if (row.IsSearchDue)
            {
                return await searches.FindErrorAsync(row, query, cancellationToken) is { } error
                    ? await wanted.WaitAfterFailedSearchAsync(row, run, query, error, cancellationToken)
                    : await searches.AskAsync(row, run, scope, query, cancellationToken);
            }
        }

        if (choice.FirstToReturn(row, verdicts) is { } peer)
            return await wanted.WaitForPeerAsync(row, peer, cancellationToken);

        return row.IsSearchDue
            ? await wanted.WaitForNextSearchAsync(row, run, verdicts, cancellationToken)
            : WantedTracks.KeepWaiting(row);
    }
}
