using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>What the buttons about jobs do: one call to the engine, then back with a notice.</summary>
internal static class JobActions
{
    private const int MostSelected = 500;

    public static void Map(RouteGroupBuilder acts)
    {
        acts.MapPost("/ui/jobs/{id:long}/requeue", async (long id, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            await PostedForm.BackAsync(context, Told(await desk.RequeueAsync(Actor.Of(context), [id], ct)), ct));
        acts.MapPost("/ui/jobs/{id:long}/cancel", async (long id, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            await PostedForm.BackAsync(context, Cancelled(id, await desk.CancelAsync(Actor.Of(context), id, ct)), ct));
        acts.MapPost("/ui/jobs/{id:long}/run-now", async (long id, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            await PostedForm.BackAsync(context, Due(id, await desk.RunNowAsync(Actor.Of(context), id, ct)), ct));
        foreach (var address in new[] { "/ui/dead-letters/requeue", "/ui/jobs/requeue" })
        {
            acts.MapPost(address, (HttpContext context, OperatorDesk desk, CancellationToken ct) =>
                SelectedAsync(context, ids => desk.RequeueAsync(Actor.Of(context), ids, ct), ct));
        }

        acts.MapPost("/ui/jobs/cancel", (HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            SelectedAsync(context, ids => desk.CancelAsync(Actor.Of(context), ids, ct), ct));
        acts.MapPost("/ui/jobs/run-now", (HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            SelectedAsync(context, ids => desk.RunNowAsync(Actor.Of(context), ids, ct), ct));
    }

    private static async Task<IResult> SelectedAsync(HttpContext context, Func<IReadOnlyList<long>, Task<IReadOnlyList<Requeued>>> act, CancellationToken ct)
    {
        var ids = await PostedForm.NumbersAsync(context, "job", ct);
        return await PostedForm.BackAsync(
            context,
            ids.Count switch
            {
                0 => new Notice("Nothing was selected: tick some jobs first.", Bad: true),
                > MostSelected => new Notice($"At most {MostSelected} jobs at once.", Bad: true),
                _ => Told(await act(ids)),
            },
            ct);
    }

    internal static Notice Told(IReadOnlyList<Requeued> outcomes)
    {
        if (outcomes.Count == 0)
            return new Notice("None was left to act on.", Bad: true);
        var counts = outcomes.GroupBy(o => o.Outcome, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ToList();
        var words = string.Join(", ", counts.Select(g => $"{Words.Count(g.Count(), "job", "jobs")} {OutcomeWords(g.Key)}"));
        return new Notice($"{words}.", Bad: outcomes.All(o => o.Outcome is not ("requeued" or "cancelled" or "due")));
    }

    private static string OutcomeWords(string outcome) => outcome switch
    {
        "requeued" => "requeued with the full number of attempts",
        "superseded" => "discarded, because a live job holds the same key",
        "busy" => "held by someone at this moment, try again",
        "not_dead_letter" => "no longer among the dead letters",
        "not_found" => "not found",
        "already_ended" => "ended already",
        "not_scheduled" => "not waiting for a time any more",
        "due" => "due now",
        _ => outcome,
    };

    private static Notice Cancelled(long id, string outcome) => outcome switch
    {
        "cancelled" => new Notice($"Job {id} is cancelled."),
        "already_ended" => new Notice($"Job {id} had ended already.", Bad: true),
        "busy" => new Notice($"Job {id} is held by someone at this moment, try again.", Bad: true),
        _ => new Notice($"There is no job {id}.", Bad: true),
    };

    private static Notice Due(long id, string outcome) => outcome switch
    {
        "due" => new Notice($"Job {id} is due now."),
        "not_scheduled" => new Notice($"Job {id} does not wait for a time any more.", Bad: true),
        _ => new Notice($"There is no job {id}.", Bad: true),
    };
}
