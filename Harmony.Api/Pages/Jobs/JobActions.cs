using Harmony.Api.Access;
using Harmony.Api.Jobs;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>The actions of the job buttons: one call to the engine, then back with a notice.</summary>
internal static class JobActions
{
    private const int MostSelected = 500;

    public static void Map(RouteGroupBuilder acts)
    {
        acts.MapAct("/ui/jobs/{id:long}/requeue", async (long id, HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
            NoticeOf(await operations.RequeueAsync(Actor.Of(context), [id], cancellationToken)));
        acts.MapAct("/ui/jobs/{id:long}/cancel", async (long id, HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
            NoticeOf(id, await operations.CancelAsync(Actor.Of(context), id, cancellationToken)));
        acts.MapAct("/ui/jobs/{id:long}/run-now", async (long id, HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
            NoticeOf(id, await operations.RunNowAsync(Actor.Of(context), id, cancellationToken)));
        foreach (var address in new[] { "/ui/dead-letters/requeue", "/ui/jobs/requeue" })
        {
            acts.MapAct(address, (HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
                SelectedAsync(context, ids => operations.RequeueAsync(Actor.Of(context), ids, cancellationToken), cancellationToken));
        }

        acts.MapAct("/ui/jobs/cancel", (HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
            SelectedAsync(context, ids => operations.CancelAsync(Actor.Of(context), ids, cancellationToken), cancellationToken));
        acts.MapAct("/ui/jobs/run-now", (HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
            SelectedAsync(context, ids => operations.RunNowAsync(Actor.Of(context), ids, cancellationToken), cancellationToken));
    }

    private static async Task<Notice> SelectedAsync(HttpContext context, Func<IReadOnlyList<long>, Task<IReadOnlyList<JobOperated>>> act, CancellationToken cancellationToken)
    {
        var ids = await PostedForm.NumbersAsync(context, "job", cancellationToken);
        return ids.Count switch
        {
            0 => new Notice("No job was selected.", Bad: true),
            > MostSelected => new Notice($"At most {MostSelected} jobs at once.", Bad: true),
            _ => NoticeOf(await act(ids)),
        };
    }

    internal static Notice NoticeOf(IReadOnlyList<JobOperated> outcomes)
    {
        if (outcomes.Count == 0)
            return new Notice("No job is in that state any more.", Bad: true);
        var counts = outcomes.GroupBy(o => o.Outcome).OrderByDescending(g => g.Count()).ToList();
        var words = string.Join(", ", counts.Select(g => $"{Words.Count(g.Count(), "job", "jobs")} {OutcomeWords.Sentence(g.Key)}"));
        return new Notice($"{words}.", Bad: !outcomes.Any(o => o.Outcome.IsDone()));
    }

    internal static Notice NoticeOf(long id, OperatorOutcome outcome) => outcome == OperatorOutcome.NotFound
        ? new Notice($"There is no job {id}.", Bad: true)
        : new Notice($"Job {id} is {OutcomeWords.Sentence(outcome)}.", Bad: !outcome.IsDone());
}
