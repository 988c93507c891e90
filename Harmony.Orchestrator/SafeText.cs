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

    /// <summary>One bounded line, for reasons shown in lists and logs.</summary>
    public static string Line(string text) =>
        Clean(text, 1000).ReplaceLineEndings(" ");
}
