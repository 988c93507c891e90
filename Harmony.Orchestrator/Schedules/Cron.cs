using System.Diagnostics.CodeAnalysis;
using Cronos;

namespace Harmony.Orchestrator.Schedules;

/// <summary>
/// A cron expression of five fields and its instants in a time zone. Cronos parses it, as Hangfire does for its own
/// recurring jobs, so Hangfire's page accepts every expression that is accepted here.
/// </summary>
public sealed class Cron
{
    private const int LongestText = 200;

    private readonly CronExpression _expression;

    private Cron(string text, CronExpression expression) => (Text, _expression) = (text, expression);

    /// <summary>The given text, but with macros expanded: Hangfire's page accepts five fields only.</summary>
    public string Text { get; }

    public static bool TryParse(string text, [NotNullWhen(true)] out Cron? cron, [NotNullWhen(false)] out string? problem)
    {
        cron = null;
        problem = ProblemOf(text, out var expression);
        if (problem is not null)
            return false;
        cron = new(text.Contains('@', StringComparison.Ordinal) ? expression!.ToString() : text.Trim(), expression!);
        return true;
    }

    /// <summary>The instants after <paramref name="instant"/>, in UTC, in order; the sequence ends only with the last date.</summary>
    public IEnumerable<DateTimeOffset> After(DateTimeOffset instant, TimeZoneInfo zone)
    {
        while (_expression.GetNextOccurrence(instant, zone) is { } next)
        {
            instant = next.ToUniversalTime();
            yield return instant;
        }
    }

    private static string? ProblemOf(string text, out CronExpression? expression)
    {
        expression = null;
        if (text.Length > LongestText)
            return $"it is longer than {LongestText} characters";

        // Cronos accepts this macro although the format has no seconds.
        var fields = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 6 || fields is [var macro] && macro.Equals("@every_second", StringComparison.OrdinalIgnoreCase))
            return $"it has {(fields.Length == 6 ? "six fields" : "a macro for each second")}; seconds are not supported";
        if (fields.Length != 5 && fields is not [['@', ..]])
            return $"it has {fields.Length} of the five fields minute, hour, day, month, weekday";

        try
        {
            var read = CronExpression.Parse(text);
            if (read.GetNextOccurrence(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc) is null)
                return "no date ever fits it";
            expression = read;
            return null;
        }
        catch (Exception e) when (e is CronFormatException or MissingSeedException)
        {
            return e.Message.Replace("The given cron expression has an invalid format. ", "", StringComparison.Ordinal).TrimEnd('.');
        }
    }
}
