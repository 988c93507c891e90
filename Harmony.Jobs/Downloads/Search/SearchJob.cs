using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads.Search;

internal sealed record SearchArgs(long SearchId) : IJobArgs
{
    public static string Kind => "search";
}

/// <summary>One search on Soulseek: starts it, waits for its end, stores the answers, wakes the waiting downloads.</summary>
internal sealed class SearchJob(
    SlskdClient slskd,
    SlskdGate gate,
    SearchesRepository searches,
    WantedRepository wanted,
    JobQueue queue,
    TimeProvider time)
    : IJob<SearchArgs>
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    public static JobSpec Spec { get; } = new(Lanes.Search)
    {
        UniqueKey = "search:{search_id}",
        Providers = [SlskdOptions.Provider],
        MaxRetries = 6,
        RetryBase = TimeSpan.FromSeconds(20),
        Timeout = TimeSpan.FromMinutes(3),
    };

    public static string WakeKey(long searchId) => $"search:{searchId}";

    public async Task<JobEnd> RunAsync(SearchArgs args, JobRun run, CancellationToken cancellationToken)
    {
        if (await searches.FindAsync(args.SearchId, cancellationToken) is not { } search)
            return JobEnd.Discard("discarded", $"There is no search {args.SearchId}.");

        if (search.IsDone)
        {
            await run.InTransactionAsync(work => queue.WakeAsync(work, WakeKey(search.Id), cancellationToken), cancellationToken);
            return JobEnd.Done(new { search.Query, search.Responses, kept = true });
        }

        var slskdId = BatchId.OfSearch(search.Id, search.Generation, run.Attempt, search.CreatedAt);
        await run.InTransactionAsync(work => searches.StartAsync(work, search.Id, search.Generation, slskdId, cancellationToken), cancellationToken);
        var answers = SearchAnswers.Playable(await AskAsync(slskdId, search.Query, cancellationToken));
        await run.InTransactionAsync(
            async work =>
            {
                await searches.FinishAsync(
                    work, search.Id, search.Generation, CandidateChoice.WriteAnswers(answers), answers.Count, cancellationToken);
                await queue.WakeAsync(work, WakeKey(search.Id), cancellationToken);
                await wanted.WakeOfSearchAsync(work, search.Id, cancellationToken);
            },
            cancellationToken);
        return JobEnd.Done(new { search.Query, responses = answers.Count });
    }

    private async Task<IReadOnlyList<SlskdPeerResponse>> AskAsync(Guid slskdId, string query, CancellationToken cancellationToken)
    {
        try
        {
            await gate.StartSearchAsync(slskdId, query, cancellationToken);
            return await WaitAsync(slskdId, query, cancellationToken);
        }
        catch (Exception error) when (SlskdOutage.Is(error))
        {
            throw SlskdOutage.Blocked(error);
        }
    }

    private async Task<IReadOnlyList<SlskdPeerResponse>> WaitAsync(Guid slskdId, string query, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < slskd.LongestSearch)
        {
            var search = await slskd.GetSearchAsync(slskdId, query, cancellationToken)
                ?? throw new ProviderException(SlskdOptions.Provider, "bad_reply", $"slskd has forgotten the search {slskdId}");
            if (search.IsBroken)
                throw new ProviderException(SlskdOptions.Provider, "search_broken", $"slskd ended the search as \"{search.State}\"");

            if (search.Ended)
                return search.Responses;

            await Task.Delay(Look, time, cancellationToken);
        }

        throw new ProviderException(
            SlskdOptions.Provider, "endless", $"the search {slskdId} had not ended after {slskd.LongestSearch.TotalSeconds:0} s");
    }
}
