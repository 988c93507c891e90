using System.Globalization;

namespace Harmony.Orchestrator;

/// <summary>A position in the list of dead letters: the job, and when it died.</summary>
public sealed record DeadLetterCursor(DateTimeOffset DiedAt, long JobId)
{
    // The database keeps microseconds: a coarser time would skip or repeat rows.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{DiedAt.UtcTicks / TimeSpan.TicksPerMicrosecond}-{JobId}");

    public static DeadLetterCursor? Parse(string? text)
    {
        var parts = (text ?? "").Split('-');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var micros)
            && micros <= DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerMicrosecond
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var jobId)
                ? new(new DateTimeOffset(micros * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero), jobId)
                : null;
    }
}
