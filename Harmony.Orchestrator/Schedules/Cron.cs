using System.Diagnostics.CodeAnalysis;

namespace Harmony.Orchestrator.Schedules;

/// <summary>
/// A cron expression of five fields, and the instants it names in a time zone. No served package knows cron;
/// the rules around clock changes are in ADR 6.
/// </summary>
public sealed class Cron
{
    private const int LongestText = 200;

    // The longest pause between two 29ths of February is eight years (1896-1904, 2096-2104).
    private const int DaysAhead = (8 * 366) + 1;

    private static readonly Dictionary<string, string> Macros = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
        ["@monthly"] = "0 0 1 * *",
        ["@weekly"] = "0 0 * * 0",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@hourly"] = "0 * * * *",
    };

    private readonly CronField _minutes;
    private readonly CronField _hours;
    private readonly CronField _days;
    private readonly CronField _months;
    private readonly CronField _weekdays;

    private Cron(string text, CronField[] fields)
    {
        Text = text;
        (_minutes, _hours, _days, _months, _weekdays) = (fields[0], fields[1], fields[2], fields[3], fields[4]);
    }

    /// <summary>As it was given.</summary>
    public string Text { get; }

    internal CronField Minutes => _minutes;

    internal CronField Hours => _hours;

    internal CronField Days => _days;

    internal CronField Months => _months;

    internal CronField Weekdays => _weekdays;

    // "Every so often" goes on through a clock change by real time; "at half past two" happens once a day whatever the clock does.
    private bool IsRepeating => _minutes.IsRepeating || _hours.IsRepeating;

    public static bool TryParse(string text, [NotNullWhen(true)] out Cron? cron, [NotNullWhen(false)] out string? problem)
    {
        cron = null;
        if (text.Length > LongestText)
        {
            problem = $"it is longer than {LongestText} characters";
            return false;
        }

        var parts = Macros.GetValueOrDefault(text.Trim(), text).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != CronField.Kinds.Count)
        {
            problem = parts.Length == 6
                ? "it has six fields; seconds are not supported"
                : $"it has {parts.Length} of the five fields minute, hour, day, month, weekday";
            return false;
        }

        var fields = new CronField[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!CronField.TryParse(CronField.Kinds[i], parts[i], out var field, out problem))
                return false;
            fields[i] = field;
        }

        var read = new Cron(text.Trim(), fields);
        problem = read.After(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc).Any() ? null : "no date ever fits it";
        cron = problem is null ? read : null;
        return cron is not null;
    }

    /// <summary>The instants after <paramref name="instant"/>, in UTC, in order; without end as long as there are dates.</summary>
    public IEnumerable<DateTimeOffset> After(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var last = instant.ToUniversalTime();
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(last, zone).DateTime).AddDays(-1);
        for (var without = 0; without < DaysAhead && day < DateOnly.MaxValue; day = day.AddDays(1), without++)
        {
            if (!Fits(day))
                continue;
            foreach (var at in InstantsOf(day, zone).Order().Where(at => at > last))
            {
                // Two local times may be one instant: the end of a gap.
                if (at == last)
                    continue;
                last = at;
                without = 0;
                yield return at;
            }
        }
    }

    // As Vixie's cron has it: with both day fields restricted, either is enough.
    private bool Fits(DateOnly day)
    {
        if (!_months.Has(day.Month))
            return false;
        var (byDay, byWeekday) = (_days.Has(day.Day), _weekdays.Has((int)day.DayOfWeek));
        return _days.IsAny || _weekdays.IsAny ? byDay && byWeekday : byDay || byWeekday;
    }

    private IEnumerable<DateTimeOffset> InstantsOf(DateOnly day, TimeZoneInfo zone)
    {
        foreach (var hour in _hours.Values)
        {
            foreach (var minute in _minutes.Values)
            {
                foreach (var at in InstantsOf(day.ToDateTime(new TimeOnly(hour, minute)), zone))
                    yield return at;
            }
        }
    }

    private IEnumerable<DateTimeOffset> InstantsOf(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            if (!IsRepeating)
                yield return EndOfGap(local, zone);
        }
        else if (zone.IsAmbiguousTime(local))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(local).OrderDescending().ToList();
            foreach (var offset in IsRepeating ? offsets : offsets[..1])
                yield return new DateTimeOffset(local, offset).ToUniversalTime();
        }
        else
        {
            yield return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        }
    }

    private static DateTimeOffset EndOfGap(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
