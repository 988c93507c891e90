namespace Harmony.Orchestrator;

/// <summary>Makes text storable: PostgreSQL accepts no NUL and no half characters, and a failure must never be unwritable.</summary>
public static class SafeText
{
    // The cut text is far longer than the kept part, and a text of a hundred megabytes must not delay a caller.
    private const int Longest = 100_000;

    public static string Clean(string text, int longest = int.MaxValue)
    {
        var clean = Cut(
            text
                .Replace("\0", "", StringComparison.Ordinal)
                .Replace("\\u0000", "", StringComparison.Ordinal),
            longest);
        return clean.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 ? clean : string.Concat(clean.EnumerateRunes());
    }

    /// <summary>At most <c>longest</c> characters of a text, without secrets: a secret that is never written can be neither shown nor searched for.</summary>
    public static string WithoutSecrets(string text, int longest) => Cut(Secrets.Scrub(Clean(text, Longest)), longest);

    /// <summary>One bounded line, for reasons shown in lists and logs.</summary>
    public static string Line(string text) => WithoutSecrets(text, 1000).ReplaceLineEndings(" ");

    // Half of a surrogate pair is not UTF-8.
    private static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
}
