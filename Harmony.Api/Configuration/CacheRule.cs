using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Harmony.Api.Configuration;

/// <summary>A path whose answers are cached, how long they are fresh, and how long after that they may be served while one caller refreshes them.</summary>
/// <param name="Path">A regular expression for the whole path; the base path is put before it unless it is there.</param>
/// <param name="Ttl">Seconds; null takes the default.</param>
/// <param name="Stale">Seconds; null takes the default.</param>
internal sealed record CacheRule(string Path, int? Ttl, int? Stale)
{
    public const int Longest = 86_400;

    // Takes time in proportion to the path for every configured expression; it has no look-around and no back-references.
    private const RegexOptions Expression = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>Only artists are cached: commits evict them when their releases change. All other answers must be current.</summary>
    public static IReadOnlyList<CacheRule> Defaults { get; } = [new("/artists/[^/:]+:[^/]+", null, null)];

    public static bool TryRead(string text, [MaybeNullWhen(false)] out IReadOnlyList<CacheRule> rules)
    {
        var read = text.Split([',', ';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(One).ToList();
        rules = read.OfType<CacheRule>().ToList();
        return rules.Count > 0 && rules.Count == read.Count;
    }

    public override string ToString() =>
        Ttl is null && Stale is null ? Path : string.Create(CultureInfo.InvariantCulture, $"{Path}|{Ttl}|{Stale}");

    /// <summary>The rule in the form that requests are matched with.</summary>
    public Regex Below(string basePath)
    {
        var rest = Path.StartsWith($"{basePath}/", StringComparison.OrdinalIgnoreCase) ? Path[basePath.Length..] : Path;
        return Whole(Regex.Escape(basePath) + rest);
    }

    private static CacheRule? One(string text)
    {
        var parts = text.Split('|', StringSplitOptions.TrimEntries);
        var path = parts[0].TrimStart('^').TrimEnd('$');
        return parts.Length <= 3 && path.StartsWith('/') && IsExpression(path) && TrySeconds(parts.ElementAtOrDefault(1), out var ttl) && TrySeconds(parts.ElementAtOrDefault(2), out var stale)
            ? new(path, ttl, stale)
            : null;
    }

    private static bool TrySeconds(string? text, out int? seconds)
    {
        seconds = null;
        if (text is null or "")
            return true;
        var ok = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= Longest;
        seconds = ok ? number : null;
        return ok;
    }

    private static bool IsExpression(string path)
    {
        try
        {
            _ = Whole(path);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static Regex Whole(string path) => new($@"^(?:{path})/?\z", Expression, TimeSpan.FromSeconds(1));
}
