using System.Globalization;

namespace Harmony.Jobs.Providers.Http;

/// <summary>Parses Retry-After in its real forms: seconds, an HTTP date, missing, or invalid.</summary>
internal static class RetryAfter
{
    // The current date format and the two that HTTP still allows.
    private static readonly string[] Dates = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    private static readonly TimeSpan Longest = TimeSpan.FromDays(2);

    public static TimeSpan Parse(string? header, TimeSpan fallback, DateTimeOffset now) => Read(header, now) ?? fallback;

    /// <summary>Null when missing or invalid.</summary>
    public static TimeSpan? Read(string? header, DateTimeOffset now)
    {
        var text = header?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            return seconds >= 0 && double.IsFinite(seconds) ? Bounded(seconds) : null;

        return DateTimeOffset.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var at) && at > now
            ? Bounded((at - now).TotalSeconds)
            : null;
    }

    // A minimum prevents a header of 0 from causing a hot loop of the job.
    private static TimeSpan Bounded(double seconds) =>
        TimeSpan.FromSeconds(Math.Clamp(seconds, 1, Longest.TotalSeconds));
}
