using System.Globalization;

namespace Harmony.Jobs.Artists;

/// <summary>Release dates come as a year, a month or a day; the first two count as their first day.</summary>
internal static class PartialDate
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM", "yyyy"];

    public static DateOnly? FirstDay(string? text) =>
        DateOnly.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
