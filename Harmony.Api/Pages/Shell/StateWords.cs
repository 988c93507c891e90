using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Shell;

/// <summary>Hangfire's state names in words and tones for readers.</summary>
internal static class StateWords
{
    public static string Name(string? state, string? reason = null) => state switch
    {
        HangfireStates.Enqueued => "Waiting",
        HangfireStates.Processing => "Running",
        HangfireStates.Scheduled when reason?.StartsWith("Retry", StringComparison.Ordinal) == true => "Retry",
        HangfireStates.Scheduled when reason?.StartsWith("Snoozed", StringComparison.Ordinal) == true => "Snoozed",
        HangfireStates.Scheduled when reason?.StartsWith("Parked", StringComparison.Ordinal) == true => "Parked",
        HangfireStates.Scheduled => "Scheduled",
        HangfireStates.Failed => "Dead letter",
        HangfireStates.Succeeded => "Done",
        HangfireStates.Deleted => "Deleted",
        HangfireStates.Awaiting => "Awaiting",
        null => "New",
        _ => state,
    };

    public static string Tone(string? state) => state switch
    {
        HangfireStates.Enqueued or HangfireStates.Awaiting => "tone-wait",
        HangfireStates.Processing => "tone-run",
        HangfireStates.Scheduled => "tone-later",
        HangfireStates.Failed => "tone-dead",
        HangfireStates.Succeeded => "tone-done",
        _ => "tone-gone",
    };
}
