namespace Harmony.Api.Pages.Shell;

/// <summary>The lengths of a pause that a form offers.</summary>
internal static class PauseLengths
{
    /// <summary>Name in the form, words, and length; null lasts until resumed.</summary>
    public static IReadOnlyList<(string Name, string Words, TimeSpan? Length)> All { get; } =
    [
        ("resumed", "Until resumed", null),
        ("hour", "An hour", TimeSpan.FromHours(1)),
        ("night", "Eight hours", TimeSpan.FromHours(8)),
        ("day", "A day", TimeSpan.FromDays(1)),
        ("week", "A week", TimeSpan.FromDays(7)),
        ("month", "Thirty days", TimeSpan.FromDays(30)),
    ];

    /// <summary>False for a name that no form offers; a form without the field means until resumed.</summary>
    public static bool TryGet(string? name, out TimeSpan? length)
    {
        var chosen = All.FirstOrDefault(l => l.Name == (name ?? "resumed"));
        length = chosen.Length;
        return chosen.Name is not null;
    }
}
