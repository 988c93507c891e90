namespace Harmony.Api.Pages.Shell;

/// <summary>Hangfire's state names, in a reader's words and tones.</summary>
internal static class StateWords
{
    public static readonly IReadOnlyList<string> All = ["Enqueued", "Processing", "Scheduled", "Failed", "Succeeded", "Deleted", "Awaiting"];

    public static string Name(string? state, string? reason = null) => state switch
    {
        "Enqueued" => "Waiting",
        "Processing" => "Running",
        "Scheduled" when reason?.StartsWith("Retry", StringComparison.Ordinal) == true => "Retry",
        "Scheduled" when reason?.StartsWith("Snoozed", StringComparison.Ordinal) == true => "Snoozed",
        "Scheduled" when reason?.StartsWith("Parked", StringComparison.Ordinal) == true => "Parked",
        "Scheduled" => "Scheduled",
        "Failed" => "Dead letter",
        "Succeeded" => "Done",
        "Deleted" => "Deleted",
        "Awaiting" => "Awaiting",
        null => "New",
        _ => state,
    };

    public static string Tone(string? state) => state switch
    {
        "Enqueued" or "Awaiting" => "tone-wait",
        "Processing" => "tone-run",
        "Scheduled" => "tone-later",
        "Failed" => "tone-dead",
        "Succeeded" => "tone-done",
        _ => "tone-gone",
    };
}
