using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;
using Harmony.Orchestrator.Schedules;

namespace Harmony.Api.Pages.Schedules;

/// <summary>Starting a schedule's job by hand, and letting its slots pass for a while.</summary>
internal static class ScheduleActions
{
    public static void Map(RouteGroupBuilder acts)
    {
        acts.MapPost("/ui/schedules/{name}/trigger", async (string name, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            await desk.TriggerAsync(Actor.Of(context), name, ct) is { } job
                ? await PostedForm.BackAsync(context, new Notice($"{name} was triggered: job {job}."), ct)
                : Results.NotFound());
        acts.MapPost("/ui/schedules/{name}/pause", async (string name, HttpContext context, ScheduleBoard board, OperatorDesk desk, CancellationToken ct) =>
        {
            if ((await board.ListAsync(ct)).All(s => s.Schedule != name))
                return Results.NotFound();
            await desk.PauseAsync(Actor.Of(context), "schedule", name, "paused on the schedules page", ct);
            return await PostedForm.BackAsync(context, new Notice($"{name} is paused: its slots pass until it is resumed."), ct);
        });
        acts.MapPost("/ui/schedules/{name}/resume", async (string name, HttpContext context, OperatorDesk desk, CancellationToken ct) =>
            await PostedForm.BackAsync(
                context,
                await desk.ResumeAsync(Actor.Of(context), "schedule", name, ct) ? new Notice($"{name} runs by the clock again.") : new Notice($"{name} was not paused.", Bad: true),
                ct));
    }
}
