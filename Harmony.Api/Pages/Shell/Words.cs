using System.Globalization;

namespace Harmony.Api.Pages.Shell;

/// <summary>Numbers, sizes and times in words. Coarse on purpose: a page only changes when its words do.</summary>
internal static class Words
{
    private static readonly string[] Sizes = ["B", "KB", "MB", "GB", "TB"];

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Count(long number, string one, string many) => $"{Count(number)} {(number == 1 ? one : many)}";

    /// <summary>A count that stops at <paramref name="most"/>.</summary>
    public static string UpTo(long number, long most) => number < most ? Count(number) : $"{Count(most)}+";

    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var gap = now - at;
        if (gap.Duration() < TimeSpan.FromSeconds(10))
            return "just now";

        return gap > TimeSpan.Zero ? $"{Coarse(gap)} ago" : $"in {Coarse(gap.Negate())}";
    }

    /// <summary>One unit only, tens of seconds below a minute.</summary>
    public static string Coarse(TimeSpan span) => span switch
    {
        { TotalSeconds: < 10 } => "a few s",
        { TotalSeconds: < 60 } => Unit(span.TotalSeconds / 10, "0 s"),
        { TotalMinutes: < 60 } => Unit(span.TotalMinutes, " min"),
        { TotalHours: < 48 } => Unit(span.TotalHours, " h"),
        _ => Unit(span.TotalDays, " d"),
    };

    /// <summary>A duration in at most two units.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 1000 } => Unit(Math.Max(0, span.TotalMilliseconds), " ms"),
        { TotalSeconds: < 10 } => span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        { TotalSeconds: < 60 } => Unit(span.TotalSeconds, " s"),
        { TotalMinutes: < 60 } => Pair(span.Minutes, "min", span.Seconds, "s"),
        { TotalHours: < 24 } => Pair(span.Hours, "h", span.Minutes, "min"),
        _ => Pair((int)span.TotalDays, "d", span.Hours, "h"),
    };

    public static string Bytes(long bytes)
    {
        var size = (double)bytes;
        var unit = 0;
        while (size >= 1000 && unit < Sizes.Length - 1)
        {
            size /= 1000;
            unit++;
        }

        return size.ToString(unit == 0 || size >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Sizes[unit];
    }

    public static string Clock(TimeSpan length) =>
        length.ToString(length.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    private static string Unit(double value, string unit) => Math.Floor(value).ToString("0", CultureInfo.InvariantCulture) + unit;

    private static string Pair(int large, string largeUnit, int small, string smallUnit) =>
        small == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{large} {largeUnit}")
            : string.Create(CultureInfo.InvariantCulture, $"{large} {largeUnit} {small} {smallUnit}");
}
