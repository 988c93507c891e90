using System.Globalization;
using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>What the confirmed forms do to the jobs that were counted, and that are still in the state they were counted in.</summary>
internal static class BulkJobActions
{
    public static void Map(RouteGroupBuilder bulk)
    {
        bulk.MapPost("/ui/jobs/{id:long}/purge", async (long id, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            await PostedForm.BackAsync(context, Purged(id, await desk.PurgeAsync(Actor.Of(context), new DeadLetterChoice { JobIds = [id] }, 1, ct)), ct));
        bulk.MapPost("/ui/jobs/cancel-all", (HttpContext context, JobSearch search, OperatorDesk desk, CancellationToken ct) =>
            EachAsync("cancel", context, search, ids => desk.CancelAsync(Actor.Of(context), ids, ct), ct));
        bulk.MapPost("/ui/jobs/run-now-all", (HttpContext context, JobSearch search, OperatorDesk desk, CancellationToken ct) =>
            EachAsync("run-now", context, search, ids => desk.RunNowAsync(Actor.Of(context), ids, ct), ct));
    }

    private static async Task<IResult> EachAsync(
        string name, HttpContext context, JobSearch search, Func<IReadOnlyList<long>, Task<IReadOnlyList<Requeued>>> act, CancellationToken ct)
    {
        var state = await PostedForm.TextAsync(context, "state", ct);
        var counted = Numbers(await PostedForm.TextAsync(context, "jobs", ct));
        if (counted is not { Count: > 0 and <= ConfirmJobsModel.MostAtOnce } || !JobsAct.For(state).Any(a => a.Name == name))
            return await PostedForm.BackAsync(context, new Notice("The form was not complete: open the page again.", Bad: true), ct);
        return await PostedForm.BackAsync(context, JobActions.Told(await act(await search.StillAsync(counted, state!, ct))), ct);
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

    private static Notice Purged(long id, DeadLettersMoved moved) => moved.Outcomes is [{ Outcome: "purged" }]
        ? new Notice($"Job {id} is purged; its history stays.")
        : new Notice($"Job {id} is not purged: it is no dead letter any more, or somebody holds it.", Bad: true);
}
