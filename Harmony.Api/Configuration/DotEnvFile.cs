using System.Text;

namespace Harmony.Api.Configuration;

/// <summary>Reads <c>.env</c> files: <c>NAME=value</c> lines, comments, quotes, an optional <c>export</c>; no interpolation.</summary>
internal static class DotEnvFile
{
    public static IReadOnlyDictionary<string, string> Load(string path) =>
        File.Exists(path) ? Parse(File.ReadLines(path)) : new Dictionary<string, string>(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, string> Parse(IEnumerable<string> lines)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var text = line.Trim().TrimStart('\uFEFF');
            if (text.StartsWith("export ", StringComparison.Ordinal))
                text = text[7..].TrimStart();
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (text.StartsWith('#') || equals <= 0)
                continue;
            values[text[..equals].TrimEnd()] = Value(text[(equals + 1)..].TrimStart());
        }

        return values;
    }

    private static string Value(string text)
    {
        if (text.StartsWith('\'') && text.IndexOf('\'', 1) is var close && close > 0)
            return text[1..close];
        if (text.StartsWith('"'))
            return DoubleQuoted(text);

        // As in shells, a # begins a comment only after white space: keys and URLs may contain one.
        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return (comment >= 0 ? text[..comment] : text).TrimEnd();
    }

    private static string DoubleQuoted(string text)
    {
        var value = new StringBuilder(text.Length);
        for (var i = 1; i < text.Length && text[i] != '"'; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
                value.Append(text[++i] switch { 'n' => '\n', 't' => '\t', var other => other });
            else
                value.Append(text[i]);
        }

        return value.ToString();
    }
}
