using Harmony.Data.Downloads;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads.Search;

/// <summary>The searches of a download: stored answers, and new searches through the search lane.</summary>
internal sealed class SearchRequests(SearchesRepository searches, DownloadStagesRepository stages, JobQueue queue, DownloadOptions options)
{
    // A search of a new request comes before the repeated search of an old one, and a click before both.
    private const int Repeated = -20;
    private const int Clicked = 20;
    private static readonly TimeSpan LongestSearch = TimeSpan.FromHours(1);

    /// <summary>Answers that this download has not judged yet; null when there are none, or they are too old.</summary>
    public Task<ReleaseSearch?> FindAnswersAsync(Download row, string query, CancellationToken cancellationToken) =>
        searches.FindFreshAsync(query, options.SearchTtl, row.SearchAfter, cancellationToken);

    /// <summary>The error of the search for which this download waits; null when it did not fail.</summary>
    public async Task<string?> FindErrorAsync(Download row, string query, CancellationToken cancellationToken) =>
        row.Stage == DownloadStage.Searching ? await searches.FindErrorAsync(query, cancellationToken) : null;

    /// <summary>Enqueues the search, and waits for its end.</summary>
    public async Task<JobEnd> AskAsync(Download row, JobRun run, string scope, string query, CancellationToken cancellationToken)
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
                        Priority = SearchJob.Spec.Priority + row.Priority + Urgency(row),
                        RequestedBy = row.SearchRequestedBy ?? row.RequestedBy,
                        ParentJobId = run.JobId,
                    },
                    cancellationToken);
                await stages.SearchAsync(work, row.Id, reason, cancellationToken);
                return id;
            },
            cancellationToken);
        return JobEnd.Park(LongestSearch, SearchJob.WakeKey(searchId), reason);
    }

    private static int Urgency(Download row) => row switch
    {
        { SearchRequestedBy: not null } => Clicked,
        { Searches: > 0 } => Repeated,
        _ => 0,
    };
}
