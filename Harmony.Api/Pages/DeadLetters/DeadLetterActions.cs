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
        bulk.MapAct("/ui/dead-letters/requeue-all", (HttpContext context, JobOperations operations, EngineState engine, CancellationToken cancellationToken) =>
            EachAsync(OperatorOutcome.Requeued, context, engine, choice => operations.RequeueAsync(Actor.Of(context), choice, MostAtOnce, cancellationToken), cancellationToken));
        bulk.MapAct("/ui/dead-letters/purge-all", (HttpContext context, JobOperations operations, EngineState engine, CancellationToken cancellationToken) =>
            EachAsync(OperatorOutcome.Purged, context, engine, choice => operations.PurgeAsync(Actor.Of(context), choice, MostAtOnce, cancellationToken), cancellationToken));
    }

    private static async Task<Notice> EachAsync(
        OperatorOutcome good, HttpContext context, EngineState engine, Func<DeadLetterChoice, Task<DeadLettersMoved>> act, CancellationToken cancellationToken) =>
        await ChoiceAsync(context, engine, cancellationToken) is { } choice ? NoticeOf(good, await act(choice)) : Notice.Incomplete;

    // Only the dead letters of the shown count: later ones were not confirmed. An unreadable field must not widen the choice.
    private static async Task<DeadLetterChoice?> ChoiceAsync(HttpContext context, EngineState engine, CancellationToken cancellationToken)
    {
        var (kind, reason) = (await PostedForm.TextAsync(context, "kind", cancellationToken), await PostedForm.TextAsync(context, "reason", cancellationToken));
        var (text, age) = (await PostedForm.TextAsync(context, "text", cancellationToken), await PostedForm.TextAsync(context, "age", cancellationToken));
        if (!DateTimeOffset.TryParse(await PostedForm.TextAsync(context, "until", cancellationToken), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var until)
            || age is not null && DeadLetterAge.Of(age) is null
            || text?.Length > PageRequest.LongestText)
        {
            return null;
        }

        return new DeadLetterChoice
        {
            Kind = kind,
            ReasonCode = reason,
            Text = text,
            OlderThan = await engine.NowAsync(cancellationToken) - until + (DeadLetterAge.Of(age)?.Length ?? TimeSpan.Zero),
        };
    }

    private static Notice NoticeOf(OperatorOutcome good, DeadLettersMoved moved)
    {
        var done = moved.Outcomes.Count(o => o.Outcome == good);
        var left = moved.Matched - done;
        return new Notice(
            left == 0 ? $"{Words.Count(done, "job", "jobs")} {good.Word()}." : $"{Words.Count(done, "job", "jobs")} {good.Word()}, {Words.Count(left)} not: superseded, locked, or more than one form processes.",
            Bad: done == 0);
    }
}
