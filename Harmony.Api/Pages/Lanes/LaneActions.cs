using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Lanes;

/// <summary>Pausing a lane, kind, provider or schedule, and letting it go on.</summary>
internal static class LaneActions
{
    public static void Map(RouteGroupBuilder acts)
    {
        acts.MapPost("/ui/pauses", PauseAsync);
        acts.MapPost("/ui/pauses/{scope}/{name}/resume", async (string scope, string name, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            await PostedForm.BackAsync(
                context,
                await desk.ResumeAsync(Actor.Of(context), scope, name, ct) ? new Notice($"{name} runs again.") : new Notice($"{name} was not paused.", Bad: true),
                ct));
        acts.MapPost("/ui/gates/{provider}/reset", async (string provider, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            await PostedForm.BackAsync(
                context,
                await desk.ResetGateAsync(Actor.Of(context), provider, ct) ? new Notice($"{provider} is called again.") : new Notice($"{provider} was not held back.", Bad: true),
                ct));
        acts.MapPost("/ui/lanes/{lane}/pause", async (string lane, Catalogue catalogue, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
        {
            if (catalogue.Lanes.All(l => l.Name != lane))
                return Results.NotFound();
            await desk.PauseAsync(Actor.Of(context), "lane", lane, "paused on the lanes page", ct);
            return await PostedForm.BackAsync(context, new Notice($"Lane {lane} is paused: running jobs end, nothing new starts."), ct);
        });
        acts.MapPost("/ui/lanes/{lane}/resume", async (string lane, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            await PostedForm.BackAsync(
                context,
                await desk.ResumeAsync(Actor.Of(context), "lane", lane, ct) ? new Notice($"Lane {lane} is open again.") : new Notice($"Lane {lane} was not paused.", Bad: true),
                ct));
    }

    private static async Task<IResult> PauseAsync(HttpContext context, EngineBoard engine, OperatorDesk desk, CancellationToken ct)
    {
        var what = await PostedForm.TextAsync(context, "what", ct) ?? "";
        var target = (await engine.ListPausableAsync(ct)).FirstOrDefault(t => $"{t.Scope}:{t.Name}" == what);
        var reason = await PostedForm.TextAsync(context, "reason", ct);
        if (target is null || reason?.Length > 500 || !PauseLengths.TryGet(await PostedForm.TextAsync(context, "length", ct), out var length))
            return await PostedForm.BackAsync(context, new Notice("Choose what to pause from the list, and give a reason of at most 500 characters.", Bad: true), ct);
        await desk.PauseAsync(Actor.Of(context), target.Scope, target.Name, reason, length, ct);
        return await PostedForm.BackAsync(context, new Notice($"{target.Name} is paused: running jobs end, nothing new starts."), ct);
    }
}
