using System.Globalization;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Audit;

/// <summary>The filter of the audit page in its address; an unreadable date or number is ignored.</summary>
public sealed record AuditQuery(string? Actor, string? Action, string? Target, DateOnly? From, DateOnly? To, long? Before)
{
    /// <summary>The actions of operators, as the audit names them.</summary>
    public static readonly IReadOnlyList<string> Actions =
        ["requeue", "purge", "cancel", "run_now", "set_priority", "pause", "resume", "gate_reset", "trigger", "watch", "watch_priority", "watch_pause", "watch_resume", "unwatch", "metadata_watch", "metadata_priority", "metadata_unwatch", "refused"];

    public bool IsNarrowed => this is not { Actor: null, Action: null, Target: null, From: null, To: null };

    public static AuditQuery Of(Func<string, string?> text) => new(
        text("actor"),
        text("action"),
        text("target"),
        Day(text("from")),
        Day(text("to")),
        long.TryParse(text("before"), NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : null);

    public ActionFilter Filter => new()
    {
        Before = Before,
        Actor = Actor,
        Actions = Action is null ? null : [Action],
        Target = Target,
        From = Start(From),
        // The last day is included.
        To = Start(To?.AddDays(1)),
    };

    public string Address(string path, long? before = null) => Links.With(
        path, ("actor", Actor), ("action", Action), ("target", Target), ("from", Text(From)), ("to", Text(To)), ("before", before));

    public static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1970 and < 9999 ? day : null;

    private static DateTimeOffset? Start(DateOnly? day) => day is { } d ? new DateTimeOffset(d.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
}
