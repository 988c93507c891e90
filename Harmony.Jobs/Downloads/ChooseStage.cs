using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Downloads.Search;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Finds who has the track: the search of the whole release first, so that one peer may serve all of it, then one for the track.</summary>
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

    public async Task<JobEnd?> RunAsync(Download row, JobRun run, CancellationToken ct)
    {
        var tracks = row.ReleaseId is { } releaseId ? await releases.ListTracksAsync(releaseId, ct) : [];
        var verdicts = new List<RankedCandidate>();
        foreach (var (scope, query) in SearchPlan.For(row))
        {
            var answers = await searches.FindFreshAsync(query, options.SearchTtl, row.SearchAfter, ct);
            if (answers is null)
            {
                return row.Stage == DownloadStage.Searching && await searches.FindErrorAsync(query, ct) is { } error
                    ? await GiveUpAsync(row, run, query, error, ct)
                    : await AskAsync(row, run, scope, query, ct);
            }

            var ranked = choice.Rank(row, tracks, answers.Results!);
            if (ranked.FirstOrDefault(r => r.Accepted) is { } best)
            {
                await run.InTransactionAsync(work => stages.ChooseAsync(work, row.Id, CandidateChoice.ToRow(best.Candidate), ct), ct);
                return null;
            }

            verdicts.AddRange(ranked);
        }

        return await NobodyAsync(row, run, verdicts, ct);
    }

    private async Task<JobEnd?> AskAsync(Download row, JobRun run, string scope, string query, CancellationToken ct)
    {
        var reason = $"searching Soulseek for \"{query}\"";
        var searchId = await run.InTransactionAsync(
            async work =>
            {
                var id = await searches.AskAsync(work, scope, query, row.ReleaseId, row.TrackId, ct);
                await queue.EnqueueAsync(
                    work,
                    new SearchArgs(id),
                    new EnqueueOptions
                    {
                        Priority = SearchJob.Spec.Priority + row.Priority,
                        RequestedBy = row.RequestedBy,
                        ParentJobId = run.JobId,
                    },
                    ct);
                await stages.SearchAsync(work, row.Id, reason, ct);
                return id;
            },
            ct);
        return JobEnd.Park(LongestSearch, SearchJob.WakeKey(searchId), reason);
    }

    // The search we waited for ended without answers. This attempt fails with it; the next one asks again.
    private async Task<JobEnd?> GiveUpAsync(Download row, JobRun run, string query, string error, CancellationToken ct)
    {
        var sentence = $"the search for \"{query}\" failed: {error}";
        await run.InTransactionAsync(work => stages.NothingFoundAsync(work, row.Id, sentence, ct), ct);
        throw new NoCandidateException(sentence);
    }

    private async Task<JobEnd?> NobodyAsync(Download row, JobRun run, List<RankedCandidate> verdicts, CancellationToken ct)
    {
        var closest = verdicts.MaxBy(v => v.Score);
        var sentence = closest is null
            ? $"Nobody on Soulseek offers {row.Artist} - {row.Title}."
            : $"None of {verdicts.Count} files will do for {row.Artist} - {row.Title}; the closest, "
                + $"{closest.Candidate.Filename} of {closest.Candidate.Username}: {closest.Rejection}";
        await run.InTransactionAsync(work => stages.NothingFoundAsync(work, row.Id, $"no_candidate: {sentence}", ct), ct);
        throw run.Attempt >= options.NoCandidateAttempts
            ? new PermanentJobException("no_candidate", sentence)
            : new NoCandidateException(sentence);
    }
}

/// <summary>Nobody has the track now; later somebody may.</summary>
internal sealed class NoCandidateException(string message) : Exception(message);
