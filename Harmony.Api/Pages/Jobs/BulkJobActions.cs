using System.Globalization;
using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>What the confirmed forms do to every job that fits a filter.</summary>
public static class BulkJobActions
{
    public static void Map(RouteGroupBuilder bulk)
    {
        bulk.MapPost("/ui/jobs/cancel-all", (HttpContext context, JobSearch search, OperatorDesk desk, CancellationToken ct) =>
            EachAsync("cancel", context, search, ids => desk.CancelAsync(Actor.Of(context), ids, ct), ct));
        bulk.MapPost("/ui/jobs/run-now-all", (HttpContext context, JobSearch search, OperatorDesk desk, CancellationToken ct) =>
            EachAsync("run-now", context, search, ids => desk.RunNowAsync(Actor.Of(context), ids, ct), ct));
    }

    private static async Task<IResult> EachAsync(
        string name, HttpContext context, JobSearch search, Func<IReadOnlyList<long>, Task<IReadOnlyList<Requeued>>> act, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        var filter = JobsQuery.Of(field => form[field].ToString() is { Length: > 0 and <= 200 } text ? text : null, Roles.Admin);
        if (!JobsAct.For(filter.State).Any(a => a.Name == name) || Number(form["newest"]) is not { } newest)
            return await PostedForm.BackAsync(context, new Notice("The form was not complete: open the page again.", Bad: true), ct);

        // Only what was there when the count was shown.
        filter = filter with { Parent = Number(form["parent"]), Before = newest + 1 };
        var outcomes = await act(await search.IdsAsync(filter, ConfirmJobsModel.MostAtOnce, ct));
        return Notice.Then(context, JobActions.Told(outcomes), JobsQuery.Address("/ui/jobs", filter with { Before = null }, filter.State));
    }

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue ? number : null;
}
