using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;
using Harmony.Orchestrator.Schedules;

namespace Harmony.Api.Pages.Schedules;

/// <summary>Starts the job of a schedule by hand, pauses and resumes schedules.</summary>
internal static class ScheduleActions
{
    public static void Map(RouteGroupBuilder acts)
    {
        acts.MapAct("/ui/schedules/{name}/trigger", async (string name, HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
            await operations.TriggerAsync(Actor.Of(context), name, cancellationToken) is { } job ? new Notice($"{name} was triggered: job {job}.") : null);
        acts.MapAct("/ui/schedules/{name}/pause", PauseAsync);
        acts.MapAct("/ui/schedules/{name}/resume", async (string name, HttpContext context, JobOperations operations, CancellationToken cancellationToken) =>
            Notice.Of(await operations.ResumeAsync(Actor.Of(context), "schedule", name, cancellationToken), $"{name} runs on schedule again.", $"{name} was not paused."));
    }

    private static async Task<Notice?> PauseAsync(string name, HttpContext context, ScheduleReader schedules, JobOperations operations, CancellationToken cancellationToken)
    {
        if ((await schedules.ListAsync(cancellationToken)).All(s => s.Schedule != name))
            return null;
        await operations.PauseAsync(Actor.Of(context), "schedule", name, "paused on the schedules page", cancellationToken);
        return new Notice($"{name} is paused: its slots are skipped until it is resumed.");
    }
}
