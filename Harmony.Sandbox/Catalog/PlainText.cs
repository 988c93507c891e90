using System.Text;

namespace Harmony.Sandbox.Catalog;

/// <summary>Words of a text, lower case, Latin accents folded. By hand, since the process runs without culture data.</summary>
internal static class PlainText
{
    private const string Accented = "åäáàâãæöøóòôõüúùûéèêëíìîïñçß";
    private const string Plain = "aaaaaaaoooooouuuueeeeiiiincs";

    public static string[] Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var letter in text)
        {
            // An apostrophe joins: don't = dont.
            if (letter is '\'' or '’')
                continue;
            if (char.IsLetterOrDigit(letter))
                word.Append(Fold(char.ToLowerInvariant(letter)));
            else
                Flush(word, words);
        }
        Flush(word, words);
        return [.. words];
    }

    public static string Fold(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            var lower = Fold(char.ToLowerInvariant(source[i]));
            span[i] = char.IsUpper(source[i]) ? char.ToUpperInvariant(lower) : lower;
        }
    });

    private static char Fold(char letter)
    {
        var at = Accented.IndexOf(letter, StringComparison.Ordinal);
        return at < 0 ? letter : Plain[at];
    }

    private static void Flush(StringBuilder word, List<string> words)
    {
        if (word.Length == 0)
            return;
        words.Add(word.ToString());
        word.Clear();
    }
}
