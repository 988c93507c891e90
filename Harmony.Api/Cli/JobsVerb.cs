using System.CommandLine;
using System.Globalization;
using Harmony.Api.Configuration;
using Harmony.Orchestrator;

namespace Harmony.Api.Cli;

/// <summary><c>harmony jobs [ID]</c>: the newest jobs, or one with its history.</summary>
internal static class JobsVerb
{
    public static Command Make(Func<Settings> load)
    {
        var id = new Argument<long?>("id") { Description = "Show this one with its history.", Arity = ArgumentArity.ZeroOrOne };
        var state = new Option<string?>("--state") { Description = "Enqueued, Processing, Scheduled, Succeeded, Failed or Deleted." };
        var kind = new Option<string?>("--kind") { Description = "Only this kind." };
        var limit = new Option<int>("--limit") { Description = "How many at most.", DefaultValueFactory = _ => 20 };
        var verb = new Command("jobs", "Show jobs, newest first.") { id, state, kind, limit };
        verb.SetAction((parsed, cancellationToken) => Session.RunAsync(load(), services =>
        {
            var (jobs, output) = (services.GetRequiredService<JobLedger>(), parsed.InvocationConfiguration.Output);
            return parsed.GetValue(id) is { } one
                ? ShowAsync(jobs, one, output, cancellationToken)
                : ListAsync(jobs, new() { State = parsed.GetValue(state), Kind = parsed.GetValue(kind) }, parsed.GetValue(limit), output, cancellationToken);
        }));
        return verb;
    }

    private static async Task<int> ListAsync(JobLedger jobs, JobFilter filter, int limit, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var job in (await jobs.ListAsync(filter, Math.Clamp(limit, 1, 1000), cancellationToken)).Items)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{job.JobId,10}  {job.State,-10}  {job.Kind,-16}  {job.CreatedAt:u}  {OneLine(job.Reason ?? job.LastError)}"));
        }

        return 0;
    }

    private static async Task<int> ShowAsync(JobLedger jobs, long id, TextWriter output, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(id, cancellationToken) is not { } job)
        {
            await output.WriteLineAsync($"There is no job {id}.");
            return (int)ExitCode.Issues;
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"job {job.JobId}  {job.Kind}  {job.State}  attempts {job.Attempts} of {job.MaxRetries + 1}  requested by {job.RequestedBy ?? "nobody named"}"));
        foreach (var step in (await jobs.ListEventsAsync(id, 500, cancellationToken)).Reverse())
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {step.At:u}  {step.ToState,-10}  {step.Actor,-20}  {OneLine(step.Reason ?? step.Error)}"));
        return 0;
    }

    // Texts from outside must not move the operator's cursor.
    private static string OneLine(string? text) => new([.. (text ?? "").Select(c => char.IsControl(c) ? ' ' : c).Take(160)]);
}
