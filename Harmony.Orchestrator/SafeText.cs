namespace Harmony.Orchestrator;

/// <summary>Text on its way into the database: PostgreSQL takes no NUL, and a failure must never be unwritable.</summary>
public static class SafeText
{
    public static string Clean(string text, int longest = int.MaxValue)
    {
        var clean = text
            .Replace("\0", "", StringComparison.Ordinal)
            .Replace("\\u0000", "", StringComparison.Ordinal);
        if (clean.Length > longest)
        {
            // Never cut a surrogate pair in half: half of one is not UTF-8.
            clean = clean[..(char.IsHighSurrogate(clean[longest - 1]) ? longest - 1 : longest)];
        }

        return clean;
    }

    /// <summary>What a failure says, without what it gives away: a secret that is never written can neither be shown nor searched for.</summary>
    public static string Told(string text, int longest) => Clean(Secrets.Scrub(Bounded(text)), longest);

    /// <summary>One bounded line, for reasons shown in lists and logs.</summary>
    public static string Line(string text) => Told(text, 1000).ReplaceLineEndings(" ");

    // Nobody is kept waiting by a text of a hundred megabytes, and what is cut off is far behind what is kept.
    private static string Bounded(string text) => text.Length > 100_000 ? text[..100_000] : text;
}
