namespace Harmony.Jobs.Downloads.Search;

/// <summary>
/// When a track that no peer offers is searched again: soon at first, each wait twice the one before, up to a day while it is new on the list and
/// up to a week later. Pure.
/// </summary>
public sealed class WantedOptions
{
    // A wait is at most this part shorter, so that tracks requested together are not searched together for ever.
    private const double Spread = 0.2;

    public TimeSpan First { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest wait in the first days.</summary>
    public TimeSpan LongestWhileNew { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a wanted track counts as new.</summary>
    public TimeSpan NewFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The longest wait afterwards.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromDays(7);

    /// <param name="searches">Rounds without success before this one.</param>
    /// <param name="wantedFor">The time since the track was requested.</param>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan WaitAfter(int searches, TimeSpan wantedFor, double chance)
    {
        var longest = wantedFor < NewFor ? LongestWhileNew : Longest;
        var wait = First * Math.Pow(2, Math.Clamp(searches, 0, 20));
        return (wait < longest ? wait : longest) * (1 - (Spread * chance));
    }
}
