using System.Globalization;

namespace Harmony.Orchestrator.Schedules;

/// <summary>Says a cron expression or an interval in words.</summary>
internal static class CronWords
{
    public static string Of(TimeSpan interval) => interval switch
    {
        { TotalSeconds: var s } when s % 86_400 == 0 => Every(s / 86_400, "day"),
        { TotalSeconds: var s } when s % 3600 == 0 => Every(s / 3600, "hour"),
        { TotalSeconds: var s } when s % 60 == 0 => Every(s / 60, "minute"),
        { TotalSeconds: var s } => Every(s, "second"),
    };

    public static string Of(Cron cron) => $"{Time(cron)}{Day(cron)}";

    private static string Every(double count, string unit) =>
        count == 1 ? $"every {unit}" : string.Create(CultureInfo.InvariantCulture, $"every {count:0.###} {unit}s");

    private static string Time(Cron cron)
    {
        var (minutes, hours) = (cron.Minutes, cron.Hours);
        if (Step(minutes) is { } every && hours.IsAny)
            return every == 1 ? "every minute" : $"every {every} minutes";
        if (minutes.Values.Count == 1 && hours.IsAny)
            return $"every hour at :{minutes.Values[0]:00}";
        if (minutes.Values.Count == 1 && Step(hours) is { } often)
            return $"every {often} hours at :{minutes.Values[0]:00}";
        if (minutes.Values.Count * hours.Values.Count <= 6)
            return "at " + List(hours.Values.SelectMany(h => minutes.Values.Select(m => $"{h:00}:{m:00}")));
        var past = Step(minutes) is { } step ? step == 1 ? "every minute" : $"every {step} minutes" : $"at minute {List(minutes.Values.Select(Number))}";
        return $"{past} of hour {Ranges(hours.Values, Number)}";
    }

    private static string Day(Cron cron)
    {
        var days = cron.Days.IsAny ? "" : $" on day {Ranges(cron.Days.Values, Number)} of the month";
        var weekdays = cron.Weekdays.IsAny
            ? ""
            : $"{(cron.Days.IsAny ? "" : " and")} on {Ranges(cron.Weekdays.Values, d => CultureInfo.InvariantCulture.DateTimeFormat.DayNames[d])}";
        var months = cron.Months.IsAny ? "" : $" in {Ranges(cron.Months.Values, m => CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[m - 1])}";
        return days + weekdays + months;
    }

    // "*" is a step of one; "*/15" one of fifteen; anything else none.
    private static int? Step(CronField field) =>
        field.IsAny ? 1
        : field.Text.StartsWith("*/", StringComparison.Ordinal) && !field.Text.Contains(',', StringComparison.Ordinal)
            ? int.Parse(field.Text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture)
            : null;

    private static string Ranges(IReadOnlyList<int> values, Func<int, string> name)
    {
        var words = new List<string>();
        for (var i = 0; i < values.Count;)
        {
            var end = i;
            while (end + 1 < values.Count && values[end + 1] == values[end] + 1)
                end++;
            words.Add(end - i >= 2 ? $"{name(values[i])} to {name(values[end])}" : List(values.Skip(i).Take(end - i + 1).Select(name)));
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
