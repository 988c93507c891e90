using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Harmony.Orchestrator.Schedules;

internal sealed record CronFieldKind(string Name, int Min, int Max, string[] Words);

/// <summary>One field of a cron expression: a set of small numbers.</summary>
internal sealed class CronField
{
    private readonly ulong _set;

    private CronField(CronFieldKind kind, string text, ulong set)
    {
        Text = text;
        _set = set;
        IsAny = text is "*" or "?";
        IsRepeating = text.AsSpan().IndexOfAny('*', '/', '-') >= 0;
        Values = [.. Enumerable.Range(kind.Min, kind.Max - kind.Min + 1).Where(Has)];
    }

    public static IReadOnlyList<CronFieldKind> Kinds { get; } =
    [
        new("minute", 0, 59, []),
        new("hour", 0, 23, []),
        new("day", 1, 31, []),
        new("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
        new("weekday", 0, 6, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ];

    public string Text { get; }

    public bool IsAny { get; }

    /// <summary>Written with a star, a step or a range: it means "every so often", not "at".</summary>
    public bool IsRepeating { get; }

    public IReadOnlyList<int> Values { get; }

    public bool Has(int value) => (_set & (1UL << value)) != 0;

    public static bool TryParse(
        CronFieldKind kind, string text, [NotNullWhen(true)] out CronField? field, [NotNullWhen(false)] out string? problem)
    {
        field = null;
        var set = 0UL;
        foreach (var item in text.Split(','))
        {
            if (!TryItem(kind, item, ref set))
            {
                problem = $"\"{(item.Length <= 20 ? item : item[..20] + "…")}\" is no {kind.Name} ({kind.Min} to {kind.Max}{(kind.Words.Length > 0 ? $", {kind.Words[0]} to {kind.Words[^1]}" : "")})";
                return false;
            }
        }

        problem = null;
        field = new CronField(kind, text, set);
        return true;
    }

    private static bool TryItem(CronFieldKind kind, string item, ref ulong set)
    {
        var parts = item.Split('/');
        var step = 1;
        if (parts.Length > 2 || (parts.Length == 2 && (!TryNumber(parts[1], out step) || step < 1 || step > kind.Max)))
            return false;

        var (from, to) = (kind.Min, kind.Max);
        if (parts[0] is not ("*" or "?"))
        {
            var ends = parts[0].Split('-');
            if (ends.Length > 2 || !TryValue(kind, ends[0], out from))
                return false;
            to = parts.Length == 2 ? kind.Max : from;
            if (ends.Length == 2 && !TryValue(kind, ends[1], out to))
                return false;

            // SAT-SUN ends on the Sunday after.
            if (kind.Name == "weekday" && ends.Length == 2 && to == 0 && from > 0)
                to = 7;
            if (to < from)
                return false;
        }

        for (var value = from; value <= to; value += step)
            set |= 1UL << (kind.Name == "weekday" ? value % 7 : value);
        return true;
    }

    private static bool TryValue(CronFieldKind kind, string text, out int value)
    {
        var word = Array.FindIndex(kind.Words, w => w.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (word >= 0)
        {
            value = word + kind.Min;
            return true;
        }

        if (!TryNumber(text, out value))
            return false;
        // Sunday is 0 and 7.
        return value >= kind.Min && value <= (kind.Name == "weekday" ? 7 : kind.Max);
    }

    private static bool TryNumber(string text, out int value)
    {
        value = 0;
        return text.Length is > 0 and <= 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
