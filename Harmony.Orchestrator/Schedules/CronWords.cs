using System.Globalization;
using Cronos;

namespace Harmony.Orchestrator.Schedules;

/// <summary>Describes a cron expression or an interval in words.</summary>
internal static class CronWords
{
    // A Sunday, and a month of 31 days.
    private static readonly DateTime Start = new(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Ordinals = ["first", "second", "third", "fourth", "fifth"];

    public static string Of(TimeSpan interval) => interval switch
    {
        { TotalSeconds: var s } when s % 86_400 == 0 => Every(s / 86_400, "day"),
        { TotalSeconds: var s } when s % 3600 == 0 => Every(s / 3600, "hour"),
        { TotalSeconds: var s } when s % 60 == 0 => Every(s / 60, "minute"),
        { TotalSeconds: var s } => Every(s, "second"),
    };

    public static string Of(Cron cron)
    {
        var fields = cron.Text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return $"{Time(fields[0], fields[1])}{Date(fields[2], fields[3], fields[4])}";
    }

    private static string Every(double count, string unit) =>
        count == 1 ? $"every {unit}" : string.Create(CultureInfo.InvariantCulture, $"every {count:0.###} {unit}s");

    private static string Time(string minute, string hour)
    {
        var minutes = Values($"{minute} * * * *", Start.AddHours(1), at => at.Minute);
        var hours = Values($"0 {hour} * * *", Start.AddDays(1), at => at.Hour);
        if (Step(minute) is { } every && IsAny(hour))
            return every == 1 ? "every minute" : $"every {every} minutes";
        if (minutes.Count == 1 && IsAny(hour))
            return $"every hour at :{minutes[0]:00}";
        if (minutes.Count == 1 && Step(hour) is { } often)
            return $"every {often} hours at :{minutes[0]:00}";
        if (minutes.Count * hours.Count <= 6)
            return "at " + List(hours.SelectMany(h => minutes.Select(m => $"{h:00}:{m:00}")));
        var past = Step(minute) is { } step ? step == 1 ? "every minute" : $"every {step} minutes" : $"at minute {List(minutes.Select(Number))}";
        return $"{past} of hour {Ranges(hours, Number)}";
    }

    // Cronos requires that a date matches both day fields.
    private static string Date(string day, string month, string weekday)
    {
        var days = IsAny(day) ? "" : $" {Day(day.ToUpperInvariant())}";
        var weekdays = IsAny(weekday) ? "" : $"{(days.Length == 0 ? " on" : ", only if it is")} {Weekday(weekday.ToUpperInvariant())}";
        var months = IsAny(month)
            ? ""
            : $" in {Ranges(Values($"0 0 1 {month} *", Start.AddYears(1), at => at.Month), m => CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[m - 1])}";
        return days + (days.Length == 0 ? weekdays + months : months + weekdays);
    }

    private static string Day(string text) => text switch
    {
        "L" => "on the last day of the month",
        "LW" => "on the last working day of the month",
        ['L', '-', .. var days, 'W'] => $"on the working day nearest to {days} days before the last day of the month",
        ['L', '-', .. var days] => $"{days} days before the last day of the month",
        [.. var day, 'W'] => $"on the working day nearest to day {day} of the month",
        _ => $"on day {Ranges(Values($"0 0 {text} * *", Start.AddMonths(1), at => at.Day), Number)} of the month",
    };

    private static string Weekday(string text) => text switch
    {
        [.. var day, '#', var which] => $"the {Ordinals[which - '1']} {Weekday(day)} of the month",
        [.. { Length: > 0 } day, 'L'] => $"the last {Weekday(day)} of the month",
        _ => Ranges(Values($"0 0 * * {text}", Start.AddDays(7), at => (int)at.DayOfWeek), d => CultureInfo.InvariantCulture.DateTimeFormat.DayNames[d]),
    };

    private static bool IsAny(string field) => field is "*" or "?";

    // The step of "*" is one, of "*/15" fifteen; anything else has none.
    private static int? Step(string field) =>
        IsAny(field) ? 1
        : field.StartsWith("*/", StringComparison.Ordinal) && !field.Contains(',', StringComparison.Ordinal)
            ? int.Parse(field.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture)
            : null;

    // The values of one field, as Cronos reads it: its instants when the other fields do not restrict it.
    private static List<int> Values(string expression, DateTime end, Func<DateTime, int> value) =>
        [.. CronExpression.Parse(expression).GetOccurrences(Start, end, fromInclusive: true).Select(value).Order()];

    private static string Ranges(IReadOnlyList<int> values, Func<int, string> name)
    {
        var words = new List<string>();
        for (var i = 0; i < values.Count;)
        {
            var end = i;
            while (end + 1 < values.Count && values[end + 1] == values[end] + 1)
                end++;
            words.AddRange(end - i >= 2 ? [$"{name(values[i])} to {name(values[end])}"] : values.Skip(i).Take(end - i + 1).Select(name));
            i = end + 1;
        }

        return List(words);
    }

    private static string List(IEnumerable<string> words)
    {
        var all = words.ToList();
        return all.Count == 1 ? all[0] : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
