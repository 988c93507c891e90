using Harmony.Api.Access;
using Harmony.Api.Jobs;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>What the buttons about jobs do: one call to the engine, then back with a notice.</summary>
internal static class JobActions
{
    private const int MostSelected = 500;

    public static void Map(RouteGroupBuilder acts)
    {
        acts.MapAct("/ui/jobs/{id:long}/requeue", async (long id, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            Told(await desk.RequeueAsync(Actor.Of(context), [id], ct)));
        acts.MapAct("/ui/jobs/{id:long}/cancel", async (long id, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            Told(id, await desk.CancelAsync(Actor.Of(context), id, ct)));
        acts.MapAct("/ui/jobs/{id:long}/run-now", async (long id, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            Told(id, await desk.RunNowAsync(Actor.Of(context), id, ct)));
        foreach (var address in new[] { "/ui/dead-letters/requeue", "/ui/jobs/requeue" })
        {
            acts.MapAct(address, (HttpContext context, OperatorDesk desk, CancellationToken ct) =>
                SelectedAsync(context, ids => desk.RequeueAsync(Actor.Of(context), ids, ct), ct));
        }

        acts.MapAct("/ui/jobs/cancel", (HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            SelectedAsync(context, ids => desk.CancelAsync(Actor.Of(context), ids, ct), ct));
        acts.MapAct("/ui/jobs/run-now", (HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            SelectedAsync(context, ids => desk.RunNowAsync(Actor.Of(context), ids, ct), ct));
    }

    private static async Task<Notice> SelectedAsync(HttpContext context, Func<IReadOnlyList<long>, Task<IReadOnlyList<JobOperated>>> act, CancellationToken ct)
    {
        var ids = await PostedForm.NumbersAsync(context, "job", ct);
        return ids.Count switch
        {
            0 => new Notice("Nothing was selected: tick some jobs first.", Bad: true),
            > MostSelected => new Notice($"At most {MostSelected} jobs at once.", Bad: true),
            _ => Told(await act(ids)),
        };
    }

    internal static Notice Told(IReadOnlyList<JobOperated> outcomes)
    {
        if (outcomes.Count == 0)
            return new Notice("None was left to act on.", Bad: true);
        var counts = outcomes.GroupBy(o => o.Outcome).OrderByDescending(g => g.Count()).ToList();
        var words = string.Join(", ", counts.Select(g => $"{Words.Count(g.Count(), "job", "jobs")} {OutcomeWords.Sentence(g.Key)}"));
        return new Notice($"{words}.", Bad: !outcomes.Any(o => o.Outcome.IsDone()));
    }

    internal static Notice Told(long id, OperatorOutcome outcome) => outcome == OperatorOutcome.NotFound
        ? new Notice($"There is no job {id}.", Bad: true)
        : new Notice($"Job {id} is {OutcomeWords.Sentence(outcome)}.", Bad: !outcome.IsDone());
}
