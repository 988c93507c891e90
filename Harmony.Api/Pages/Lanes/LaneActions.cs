using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Lanes;

/// <summary>Pausing a lane and opening it again.</summary>
public static class LaneActions
{
    public static void Map(RouteGroupBuilder acts)
    {
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
}
