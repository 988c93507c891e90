using System.Globalization;
using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>The confirmed actions on the counted jobs that are still in the state in which they were counted.</summary>
internal static class BulkJobActions
{
    public static void Map(RouteGroupBuilder bulk)
    {
        bulk.MapAct("/ui/jobs/{id:long}/purge", async (long id, HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
            JobActions.NoticeOf(id, (await operations.PurgeAsync(Actor.Of(context), new DeadLetterChoice { JobIds = [id] }, 1, cancellationToken)).Outcomes[0].Outcome));
        bulk.MapAct("/ui/jobs/cancel-all", (HttpContext context, JobLedger jobs, JobOperations operations, CancellationToken cancellationToken) =>
            EachAsync("cancel", context, jobs, ids => operations.CancelAsync(Actor.Of(context), ids, cancellationToken), cancellationToken));
        bulk.MapAct("/ui/jobs/run-now-all", (HttpContext context, JobLedger jobs, JobOperations operations, CancellationToken cancellationToken) =>
            EachAsync("run-now", context, jobs, ids => operations.RunNowAsync(Actor.Of(context), ids, cancellationToken), cancellationToken));
    }

    private static async Task<Notice> EachAsync(
        string name, HttpContext context, JobLedger jobs, Func<IReadOnlyList<long>, Task<IReadOnlyList<JobOperated>>> act, CancellationToken cancellationToken)
    {
        var state = await PostedForm.TextAsync(context, "state", cancellationToken);
        var counted = Numbers(await PostedForm.TextAsync(context, "jobs", cancellationToken));
        if (counted is not { Count: > 0 and <= ConfirmJobsModel.MostAtOnce } || !JobsAct.For(state).Any(a => a.Name == name))
            return Notice.Incomplete;
        return JobActions.NoticeOf(await act(await jobs.StillAsync(counted, state!, cancellationToken)));
    }

    private static IReadOnlyList<long>? Numbers(string? text)
    {
        List<long> numbers = [];
        foreach (var part in (text ?? "").Split(',', ConfirmJobsModel.MostAtOnce + 1))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return null;
            numbers.Add(number);
        }

        return numbers;
    }
}
