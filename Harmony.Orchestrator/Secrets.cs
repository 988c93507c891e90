using System.Text.RegularExpressions;

namespace Harmony.Orchestrator;

/// <summary>What nobody may be shown, by the name it goes under and by the look of it inside a text. Errors and reasons are written without it.</summary>
public static partial class Secrets
{
    public const string Mask = "••••••";

    /// <summary><c>api_key</c> is one, <c>artist_key</c> is not.</summary>
    public static bool IsSecret(string name) => SecretName().IsMatch(name);

    public static string Scrub(string text) => InText().Replace(text, "${name}" + Mask);

    [GeneratedRegex("token|secret|passw|credential|authorization|cookie|^key$|(api|access|private|client|signing|encryption)[-_]?key", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SecretName();

    // A name and its value, a header's scheme and its credential, the password in an address.
    [GeneratedRegex(
        """(?<name>\b(bearer|basic)\s+|(token|secret|password|api[-_]?key)["']?\s*[=:]\s*["']?)[^\s"'&,;<>]{3,}|(?<name>://[^\s/:@]*:)[^\s/@]+(?=@)""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex InText();
}
