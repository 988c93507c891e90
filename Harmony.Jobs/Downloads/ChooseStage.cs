using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Downloads.Search;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Finds peers that have the track: the search of the whole release first, so that one peer may serve it, then one for the track.</summary>
internal sealed class ChooseStage(
    SearchesRepository searches,
    ReleasesRepository releases,
    DownloadStagesRepository stages,
    JobQueue queue,
    DownloadOptions options,
    CandidateChoice choice)
    : IDownloadStage
{
    private static readonly TimeSpan LongestSearch = TimeSpan.FromHours(1);

    public IReadOnlyList<string> From { get; } = [DownloadStage.Wanted, DownloadStage.Searching];

    public async Task<JobEnd?> RunAsync(Download row, JobRun run, CancellationToken cancellationToken)
    {
        var tracks = row.ReleaseId is { } releaseId ? await releases.ListTracksAsync(releaseId, cancellationToken) : [];
        var verdicts = new List<RankedCandidate>();
        foreach (var (scope, query) in SearchPlan.For(row))
        {
            var answers = await searches.FindFreshAsync(query, options.SearchTtl, row.SearchAfter, cancellationToken);
            if (answers is null)
            {
                return row.Stage == DownloadStage.Searching && await searches.FindErrorAsync(query, cancellationToken) is { } error
                    ? await GiveUpAsync(row, run, query, error, cancellationToken)
                    : await AskAsync(row, run, scope, query, cancellationToken);
            }

            var ranked = choice.Rank(row, tracks, answers.Results!);
            if (ranked.FirstOrDefault(r => r.Accepted) is { } best)
            {
                await run.InTransactionAsync(work => stages.ChooseAsync(work, row.Id, CandidateChoice.ToRow(best.Candidate), cancellationToken), cancellationToken);
                return null;
            }

            verdicts.AddRange(ranked);
        }

        return await NothingAcceptedAsync(row, run, verdicts, cancellationToken);
    }

    private async Task<JobEnd?> AskAsync(Download row, JobRun run, string scope, string query, CancellationToken cancellationToken)
    {
        var reason = $"searching Soulseek for \"{query}\"";
        var searchId = await run.InTransactionAsync(
            async work =>
            {
                var id = await searches.AskAsync(work, scope, query, row.ReleaseId, row.TrackId, cancellationToken);
                await queue.EnqueueAsync(
                    work,
                    new SearchArgs(id),
                    new EnqueueOptions
                    {
                        Priority = SearchJob.Spec.Priority + row.Priority,
                        RequestedBy = row.RequestedBy,
                        ParentJobId = run.JobId,
                    },
                    cancellationToken);
                await stages.SearchAsync(work, row.Id, reason, cancellationToken);
                return id;
            },
            cancellationToken);
        return JobEnd.Park(LongestSearch, SearchJob.WakeKey(searchId), reason);
    }

    // The awaited search ended without answers. This attempt fails with it; the next one starts a new search.
    private async Task<JobEnd?> GiveUpAsync(Download row, JobRun run, string query, string error, CancellationToken cancellationToken)
    {
        var sentence = $"the search for \"{query}\" failed: {error}";
        await run.InTransactionAsync(work => stages.NothingFoundAsync(work, row.Id, sentence, cancellationToken), cancellationToken);
        throw new NoCandidateException(sentence);
    }

    private async Task<JobEnd?> NothingAcceptedAsync(Download row, JobRun run, List<RankedCandidate> verdicts, CancellationToken cancellationToken)
    {
        var closest = verdicts.MaxBy(v => v.Score);
        var sentence = closest is null
            ? $"No peer on Soulseek offers {row.Artist} - {row.Title}."
            : $"None of {verdicts.Count} files will do for {row.Artist} - {row.Title}; the closest, "
                + $"{closest.Candidate.Filename} of {closest.Candidate.Username}: {closest.Rejection}";
        await run.InTransactionAsync(work => stages.NothingFoundAsync(work, row.Id, $"no_candidate: {sentence}", cancellationToken), cancellationToken);
        throw run.Attempt >= options.NoCandidateAttempts
            ? new PermanentJobException("no_candidate", sentence)
            : new NoCandidateException(sentence);
    }
}

/// <summary>No peer has the track now; a later search may find one.</summary>
internal sealed class NoCandidateException(string message) : Exception(message);
