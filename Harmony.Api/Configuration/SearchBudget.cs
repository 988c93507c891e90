using System.Globalization;

namespace Harmony.Api.Configuration;

/// <summary>Soulseek's server bans clients that search more than 34 times in 220 seconds: a budget may only be as strict or stricter.</summary>
internal sealed record SearchBudget(int Searches, int Seconds)
{
    public static SearchBudget Most { get; } = new(34, 220);

    public static bool TryRead(string text, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out SearchBudget budget)
    {
        budget = null;
        var parts = text.Split('/', StringSplitOptions.TrimEntries);
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var searches)
            || !int.TryParse(parts[1].TrimEnd('s', ' '), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || searches < 1
            || seconds is < 1 or > 86_400
            || Worst220Seconds(searches, seconds) > Most.Searches)
        {
            return false;
        }

        budget = new(searches, seconds);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Searches}/{Seconds}");

    // A window of n seconds touches at most ceil(220/n)+1 neighbours when it is shorter than 220, and itself when it is not.
    private static long Worst220Seconds(int searches, int seconds) =>
        seconds >= Most.Seconds ? searches : (long)searches * ((Most.Seconds + seconds - 1) / seconds);
}
