using System.Text.RegularExpressions;

namespace Harmony.Orchestrator;

/// <summary>Recognises secrets by their names and by their form inside a text. Error texts are stored without them.</summary>
public static partial class Secrets
{
    public const string Mask = "••••••";

    // A name with any prefix or suffix: refresh_token, secretAccessKey.
    private const string Name = """(token|secret|passw(or)?d|\bpwd|credential|authorization|(api|access|private|client|signing|encryption)[-_]?key)[a-z_-]{0,30}\\*["']?""";

    // Plain words are no secrets: a secret has a digit, a sign, or a capital inside.
    private const string Odd = """(?=[^\s"',;<>]{0,200}?(?-i:[0-9._=+/~-]|[a-z][A-Z]))""";

    private const string Scheme = @"((bearer|basic|apikey|digest)\s+)?";

    /// <summary><c>api_key</c> is one, <c>wake_key</c> is not.</summary>
    public static bool IsSecret(string name) => SecretName().IsMatch(name);

    public static string Scrub(string text)
    {
        try
        {
            return InText().Replace(text, "${name}" + Mask);
        }
        catch (RegexMatchTimeoutException)
        {
            // The match timed out. The failure must be reported all the same, and a text that was not checked must not be shown.
            return Mask;
        }
    }

    [GeneratedRegex("token|secret|passw|credential|authorization|cookie|^key$|(api|access|private|client|signing|encryption)[-_]?key", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SecretName();

    // In quotes, behind an equals sign, behind a colon, behind the scheme of a header; a line of cookies; the password in an address.
    // Every part is bounded or ends where the next cannot begin: no text makes the match slow.
    [GeneratedRegex(
        "(?<name>" + Name + """\s*[=:]\s*\\*["'])[^"'\r\n]{1,4000}"""
        + "|(?<name>" + Name + "=)" + Scheme + """[^\s"'&;<>]+"""
        + "|(?<name>" + Name + @"\s*[=:]\s*)" + Scheme + Odd + """[^\s"'&;<>]{4,}"""
        + @"|(?<name>\b(bearer|basic|apikey)\s+)" + Odd + """[^\s"'&,;<>]{6,}"""
        + """|(?<name>\bcookie:\s*)[^\r\n"']{1,4000}"""
        + @"|(?<name>://[^\s/:@]*:)[^\s/]+(?=@)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex InText();
}
