using System.CommandLine;
using System.Text.Json;
using Harmony.Api.Configuration;
using Harmony.Orchestrator;

namespace Harmony.Api.Cli;

/// <summary><c>harmony enqueue KIND [JSON]</c>.</summary>
internal static class EnqueueVerb
{
    public static Command Make(Func<Settings> load)
    {
        var kind = new Argument<string>("kind") { Description = "What kind of job." };
        var args = new Argument<string>("args") { Description = "Its args, a JSON object.", DefaultValueFactory = _ => "{}" };
        var priority = new Option<int?>("--priority") { Description = "Higher runs sooner." };
        var delay = new Option<int?>("--in") { Description = "Seconds from now." };
        var verb = new Command("enqueue", "Put a job into the queue.") { kind, args, priority, delay };
        verb.SetAction((parsed, cancellationToken) => Session.RunAsync(load(), async services =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var (name, json) = (parsed.GetValue(kind)!, parsed.GetValue(args)!);
            var catalogue = services.GetRequiredService<Catalogue>();
            if (catalogue.Find(name) is null)
            {
                await error.WriteLineAsync($"There is no kind \"{name}\". Known: {string.Join(", ", catalogue.Kinds.Select(k => k.Kind).Order(StringComparer.Ordinal))}.");
                return (int)ExitCode.Missing;
            }

            if (!IsObject(json))
            {
                await error.WriteLineAsync("The args must be a JSON object, such as '{\"n\":1}'.");
                return (int)ExitCode.Malformed;
            }

            var options = new EnqueueOptions
            {
                Priority = parsed.GetValue(priority),
                RunAt = parsed.GetValue(delay) is { } seconds ? services.GetRequiredService<TimeProvider>().GetUtcNow().AddSeconds(seconds) : null,
                RequestedBy = Session.Actor,
            };
            var job = await services.GetRequiredService<JobQueue>().EnqueueJsonAsync(name, json, options, cancellationToken);
            await output.WriteLineAsync($"job {job.JobId}{(job.AlreadyEnqueued ? " (was there already)" : "")}");
            return 0;
        }));
        return verb;
    }

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
