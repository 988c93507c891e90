using System.CommandLine;
using System.Globalization;
using Harmony.Api.Configuration;
using Harmony.Orchestrator;

namespace Harmony.Api.Cli;

/// <summary><c>harmony dlq list|requeue|purge</c>.</summary>
internal static class DlqVerb
{
    public static Command Make(Func<Settings> load) => new("dlq", "Jobs that failed for good.")
    {
        List(load),
        Requeue(load),
        Purge(load),
    };

    private static Command List(Func<Settings> load)
    {
        var kind = new Option<string?>("--kind") { Description = "Only this kind." };
        var reason = new Option<string?>("--reason") { Description = "Part of the reason or message." };
        var limit = new Option<int>("--limit") { Description = "How many at most.", DefaultValueFactory = _ => 50 };
        var verb = new Command("list", "Show them, newest first.") { kind, reason, limit };
        verb.SetAction((parsed, cancellationToken) => Session.RunAsync(load(), async services =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var filter = new DeadLetterFilter { Kind = parsed.GetValue(kind), ReasonLike = parsed.GetValue(reason) };
            var letters = services.GetRequiredService<DeadLetters>();
            var found = await letters.ListAsync(filter, Math.Clamp(parsed.GetValue(limit), 1, 10_000), cancellationToken);
            foreach (var letter in found.Items)
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{letter.JobId,10}  {letter.Kind,-16}  {letter.ReasonCode,-20}  {letter.DeadLetteredAt:u}"));
            await output.WriteLineAsync($"{found.Items.Count} of {await letters.CountAsync(filter, cancellationToken)}");
            return 0;
        }));
        return verb;
    }

    private static Command Requeue(Func<Settings> load)
    {
        var ids = Ids();
        var verb = new Command("requeue", "Run them again, each with its whole attempt budget.") { ids };
        verb.SetAction((parsed, cancellationToken) => Session.RunAsync(load(), async services =>
        {
            var outcomes = await services.GetRequiredService<JobOperations>().RequeueAsync(Session.Actor, parsed.GetValue(ids)!, cancellationToken);
            return await PrintAsync(outcomes, OperatorOutcome.Requeued, parsed.InvocationConfiguration.Output);
        }));
        return verb;
    }

    private static Command Purge(Func<Settings> load)
    {
        var ids = Ids();
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would happen." };
        var verb = new Command("purge", "Delete them; their history stays.") { ids, dry };
        verb.SetAction((parsed, cancellationToken) => Session.RunAsync(load(), async services =>
        {
            var choice = new DeadLetterChoice { JobIds = parsed.GetValue(ids), DryRun = parsed.GetValue(dry) };
            var moved = await services.GetRequiredService<JobOperations>().PurgeAsync(Session.Actor, choice, int.MaxValue, cancellationToken);
            if (!choice.DryRun)
                return await PrintAsync(moved.Outcomes, OperatorOutcome.Purged, parsed.InvocationConfiguration.Output);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"would purge {moved.Matched} of {choice.JobIds!.Length}"));
            return moved.Matched == choice.JobIds.Length ? 0 : (int)ExitCode.Issues;
        }));
        return verb;
    }

    private static Argument<long[]> Ids() => new("ids") { Description = "Job ids.", Arity = ArgumentArity.OneOrMore };

    private static async Task<int> PrintAsync(IReadOnlyList<JobOperated> outcomes, OperatorOutcome good, TextWriter output)
    {
        foreach (var outcome in outcomes)
            await output.WriteLineAsync($"{outcome.JobId} {outcome.Outcome.Word()}");
        return outcomes.All(o => o.Outcome == good) ? 0 : (int)ExitCode.Issues;
    }
}
