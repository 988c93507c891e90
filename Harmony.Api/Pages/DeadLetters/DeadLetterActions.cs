using System.Globalization;
using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.DeadLetters;

/// <summary>The confirmed actions on every dead letter that matches a filter.</summary>
internal static class DeadLetterActions
{
    public const int MostAtOnce = 5000;

    public static void Map(RouteGroupBuilder bulk)
    {
        bulk.MapPost("/ui/dead-letters/requeue-all", async (HttpContext context, JobOperations operations, EngineState engine, CancellationToken cancellationToken) =>
            await EndAsync(context, OperatorOutcome.Requeued, await ChoiceAsync(context, engine, cancellationToken) is { } choice ? await operations.RequeueAsync(Actor.Of(context), choice, MostAtOnce, cancellationToken) : null, cancellationToken));
        bulk.MapPost("/ui/dead-letters/purge-all", async (HttpContext context, JobOperations operations, EngineState engine, CancellationToken cancellationToken) =>
            await EndAsync(context, OperatorOutcome.Purged, await ChoiceAsync(context, engine, cancellationToken) is { } choice ? await operations.PurgeAsync(Actor.Of(context), choice, MostAtOnce, cancellationToken) : null, cancellationToken));
    }

    // Only the dead letters of the shown count: later ones were not confirmed. An unreadable field must not widen the choice.
    private static async Task<DeadLetterChoice?> ChoiceAsync(HttpContext context, EngineState engine, CancellationToken cancellationToken)
    {
        var (kind, reason) = (await PostedForm.TextAsync(context, "kind", cancellationToken), await PostedForm.TextAsync(context, "reason", cancellationToken));
        var (text, age) = (await PostedForm.TextAsync(context, "text", cancellationToken), await PostedForm.TextAsync(context, "age", cancellationToken));
        if (!DateTimeOffset.TryParse(await PostedForm.TextAsync(context, "until", cancellationToken), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var until)
            || age is not null && DeadLetterAge.Of(age) is null
            || text?.Length > PageRequest.LongestText)
            return null;
        return new DeadLetterChoice
        {
            Kind = kind,
            ReasonCode = reason,
            Text = text,
            OlderThan = await engine.NowAsync(cancellationToken) - until + (DeadLetterAge.Of(age)?.Length ?? TimeSpan.Zero),
        };
    }

    private static async Task<IResult> EndAsync(HttpContext context, OperatorOutcome good, DeadLettersMoved? moved, CancellationToken cancellationToken)
    {
        var back = Links.With(
            "/ui/dead-letters",
            ("kind", await PostedForm.TextAsync(context, "kind", cancellationToken)),
            ("reason", await PostedForm.TextAsync(context, "reason", cancellationToken)),
            ("age", await PostedForm.TextAsync(context, "age", cancellationToken)),
            ("text", await PostedForm.TextAsync(context, "text", cancellationToken)));
        return Notice.Then(context, moved is null ? new Notice("The form was not complete: open the page again.", Bad: true) : Told(good, moved), back);
    }

    private static Notice Told(OperatorOutcome good, DeadLettersMoved moved)
    {
        var done = moved.Outcomes.Count(o => o.Outcome == good);
        var left = moved.Matched - done;
        return new Notice(
            left == 0 ? $"{Words.Count(done, "job", "jobs")} {good.Word()}." : $"{Words.Count(done, "job", "jobs")} {good.Word()}, {Words.Count(left)} not: superseded, held by someone, or beyond what one form takes.",
            Bad: done == 0);
    }
}
