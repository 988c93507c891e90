using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Lanes;

/// <summary>Pauses and resumes a lane, kind, provider or schedule.</summary>
internal static class LaneActions
{
    public static void Map(RouteGroupBuilder acts)
    {
        acts.MapAct("/ui/pauses", PauseAsync);
        acts.MapAct("/ui/pauses/{scope}/{name}/resume", async (string scope, string name, HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
            Notice.Of(await operations.ResumeAsync(Actor.Of(context), scope, name, cancellationToken), $"{name} runs again.", $"{name} was not paused."));
        acts.MapAct("/ui/gates/{provider}/reset", async (string provider, HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
            Notice.Of(await operations.ResetGateAsync(Actor.Of(context), provider, cancellationToken), $"{provider} is called again.", $"{provider} was not blocked."));
        acts.MapAct("/ui/lanes/{lane}/pause", PauseLaneAsync);
        acts.MapAct("/ui/lanes/{lane}/resume", async (string lane, HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
            Notice.Of(await operations.ResumeAsync(Actor.Of(context), "lane", lane, cancellationToken), $"Lane {lane} is open again.", $"Lane {lane} was not paused."));
    }

    private static async Task<Notice?> PauseLaneAsync(string lane, Catalogue catalogue, HttpContext context, JobOperations operations, CancellationToken cancellationToken)
    {
        if (catalogue.Lanes.All(l => l.Name != lane))
            return null;
        await operations.PauseAsync(Actor.Of(context), "lane", lane, "paused on the lanes page", cancellationToken);
        return new Notice($"Lane {lane} is paused: running jobs end, nothing new starts.");
    }

    private static async Task<Notice> PauseAsync(HttpContext context, EngineState engine, JobOperations operations, CancellationToken cancellationToken)
    {
        var what = await PostedForm.TextAsync(context, "what", cancellationToken) ?? "";
        var target = (await engine.ListPausableAsync(cancellationToken)).FirstOrDefault(t => $"{t.Scope}:{t.Name}" == what);
        var reason = await PostedForm.TextAsync(context, "reason", cancellationToken);
        if (target is null || reason?.Length > 500 || !PauseLengths.TryGet(await PostedForm.TextAsync(context, "length", cancellationToken), out var length))
            return new Notice("Choose what to pause from the list, and give a reason of at most 500 characters.", Bad: true);
        await operations.PauseAsync(Actor.Of(context), target.Scope, target.Name, reason, length, cancellationToken);
        return new Notice($"{target.Name} is paused: running jobs end, nothing new starts.");
    }
}
