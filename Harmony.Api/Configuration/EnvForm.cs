using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Harmony.Api.Configuration;

/// <summary>The form of a value: its description for errors, and its parser.</summary>
internal sealed record EnvForm<T>(string Says, EnvForm<T>.Reader TryRead, Func<T, string> Write)
{
    public delegate bool Reader(string text, [MaybeNullWhen(false)] out T value);

    /// <summary>The same text, parsed into another type.</summary>
    public EnvForm<TOther> Map<TOther>(Func<T, TOther> to, Func<TOther, T> back) => new(
        Says,
        (string text, [MaybeNullWhen(false)] out TOther value) =>
        {
            var ok = TryRead(text, out var own);
            value = ok ? to(own!) : default;
            return ok;
        },
        v => Write(back(v)));
}

/// <summary>The forms of the values in the table.</summary>
internal static partial class EnvForms
{
    private static readonly string[] Yes = ["true", "1", "yes", "on"];
    private static readonly string[] No = ["false", "0", "no", "off"];

    public static EnvForm<string?> Text { get; } = new("text", (string text, out string? value) => (value = text) is not null, v => v ?? "");

    public static EnvForm<bool> Flag { get; } = new("true or false (also 1/0, yes/no, on/off)", ReadFlag, v => v ? "true" : "false");

    public static EnvForm<string> Path { get; } = new(
        "a path",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            var ok = !text.Contains('\0', StringComparison.Ordinal);
            value = ok ? System.IO.Path.GetFullPath(text) : null;
            return ok;
        },
        v => v);

    /// <summary>The address to listen on.</summary>
    public static EnvForm<string> BindAddress { get; } = new(
        "an IP address, or localhost",
        (string text, [MaybeNullWhen(false)] out string value) => Addresses.TryBind(value = text, out _),
        v => v);

    /// <summary>A fraction: 0.2 and 20 both mean twenty per cent.</summary>
    public static EnvForm<double> Share { get; } = new(
        "a share, as 0.2 or as per cent (20)",
        (string text, out double value) =>
        {
            var ok = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
            value = value > 1 ? value / 100 : value;
            return ok && value is >= 0 and <= 1;
        },
        v => v.ToString(CultureInfo.InvariantCulture));

    public static EnvForm<IReadOnlyList<string>> Words { get; } = new(
        "words separated by commas",
        (string text, [MaybeNullWhen(false)] out IReadOnlyList<string> value) =>
        {
            value = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return true;
        },
        v => string.Join(',', v));

    public static EnvForm<Uri> Url { get; } = new(
        "an http:// or https:// address without user name, password, query or fragment",
        (string text, [MaybeNullWhen(false)] out Uri value) =>
            Uri.TryCreate(text, UriKind.Absolute, out value)
            && value.Scheme is "http" or "https"
            && value is { UserInfo: "", Query: "", Fragment: "" },
        v => v.ToString().TrimEnd('/'));

    public static EnvForm<string> BasePath { get; } = new(
        "a path such as /api/v1",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text.TrimEnd('/');
            return BasePathPattern().IsMatch(value);
        },
        v => v);

    public static EnvForm<string> Identifier { get; } = new(
        "a-z, 0-9 and _, starting with a letter, 41 characters at most",
        (string text, [MaybeNullWhen(false)] out string value) => IdentifierPattern().IsMatch(value = text),
        v => v);

    public static EnvForm<Uri?> UrlOrUnset { get; } = Url.Map<Uri?>(v => v, v => v!);

    public static EnvForm<string?> PathOrUnset { get; } = Path.Map<string?>(v => v, v => v!);

    public static EnvForm<string?> Database { get; } = new(
        DatabaseUrl.Forms,
        (string text, out string? value) => DatabaseUrl.TryRead(value = text, out _),
        v => v ?? "");

    public static EnvForm<IReadOnlyList<string>> Networks { get; } = new(
        "addresses or networks (192.0.2.7, 10.0.0.0/8), separated by commas",
        (string text, [MaybeNullWhen(false)] out IReadOnlyList<string> value) =>
            Words.TryRead(text, out value) && value.All(v => IPAddress.TryParse(v, out _) || IPNetwork.TryParse(v, out _)),
        Words.Write);

    /// <summary>As browsers write them: no path, and no star, which would allow every origin.</summary>
    public static EnvForm<IReadOnlyList<string>> Origins { get; } = new(
        "origins such as https://music.example.org or http://localhost:5173, separated by commas",
        (string text, [MaybeNullWhen(false)] out IReadOnlyList<string> value) =>
            Words.TryRead(text, out value)
            && value.All(v => Url.TryRead(v, out var url) && string.Equals(v, url.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)),
        Words.Write);

    /// <summary>As Hangfire requires: lower case letters, digits, _ and -.</summary>
    public static EnvForm<IReadOnlyList<string>> QueueNames { get; } = new(
        "queue names (lower case letters, digits, _ and -), separated by commas",
        (string text, [MaybeNullWhen(false)] out IReadOnlyList<string> value) =>
            Words.TryRead(text, out value) && value.Count > 0 && value.All(v => QueueNamePattern().IsMatch(v)),
        Words.Write);

    public static EnvForm<string> HostName { get; } = new(
        "a host name or IP address alone, without http:// and without a port; a whole address belongs into SLSKD_BASE_URL",
        (string text, [MaybeNullWhen(false)] out string value) =>
            Uri.CheckHostName(value = text) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6,
        v => v);

    /// <summary>A lone / would match every path.</summary>
    public static EnvForm<IReadOnlyList<string>> PathPrefixes { get; } = new(
        "path prefixes such as /api/v1/status, separated by commas; / alone would open everything",
        (string text, [MaybeNullWhen(false)] out IReadOnlyList<string> value) =>
            Words.TryRead(text, out value) && value.All(v => PathPrefixPattern().IsMatch(v)),
        Words.Write);

    public static EnvForm<IReadOnlyList<string>> Providers { get; } = SomeOf("spotify", "slskd", "soulseek");

    /// <summary>34/220 means at most 34 in any 220 seconds.</summary>
    public static EnvForm<SearchBudget> Budget { get; } = new(
        "searches/seconds, at most 34/220",
        (string text, [MaybeNullWhen(false)] out SearchBudget value) => SearchBudget.TryRead(text, out value),
        v => v.ToString());

    /// <summary>Which answers are cached, and how long.</summary>
    public static EnvForm<IReadOnlyList<CacheRule>> CacheRules { get; } = new(
        "regex|ttl|stale, separated by commas or semicolons: a path as a regular expression without |, comma, semicolon, look-around and back-reference, "
        + string.Create(CultureInfo.InvariantCulture, $"then seconds from 0 to {CacheRule.Longest}; both may be left out"),
        (string text, [MaybeNullWhen(false)] out IReadOnlyList<CacheRule> value) => CacheRule.TryRead(text, out value),
        v => string.Join(',', v));

    public static EnvForm<int> Whole(int min, int max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max,
        v => v.ToString(CultureInfo.InvariantCulture));

    /// <summary>Seconds, also with a fraction as in older set-ups: 60.0. A fraction is rounded up.</summary>
    public static EnvForm<int> WholeSeconds(int min, int max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a number of seconds from {min} to {max}"),
        (string text, out int value) =>
        {
            var ok = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= min && seconds <= max;
            value = ok ? (int)Math.Ceiling(seconds) : 0;
            return ok;
        },
        v => v.ToString(CultureInfo.InvariantCulture));

    public static EnvForm<double> Number(double min, double max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"),
        (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= min && value <= max,
        v => v.ToString(CultureInfo.InvariantCulture));

    /// <summary>A null default means that another key, such as the profile, decides.</summary>
    public static EnvForm<T?> OrUnset<T>(this EnvForm<T> form)
        where T : struct => form.Map<T?>(v => v, v => v.GetValueOrDefault());

    public static EnvForm<TimeSpan> Milliseconds(int min, int max) => Whole(min, max).Map(ms => TimeSpan.FromMilliseconds(ms), t => (int)t.TotalMilliseconds);

    public static EnvForm<TimeSpan> Minutes(int min, int max) => Whole(min, max).Map(minutes => TimeSpan.FromMinutes(minutes), t => (int)t.TotalMinutes);

    public static EnvForm<TimeSpan> InSeconds(this EnvForm<int> form) => form.Map(seconds => TimeSpan.FromSeconds(seconds), t => (int)t.TotalSeconds);

    public static EnvForm<TimeSpan> InSeconds(this EnvForm<double> form) => form.Map(TimeSpan.FromSeconds, t => t.TotalSeconds);

    public static EnvForm<string> OneOf(params string[] words) => new(
        $"one of {string.Join(", ", words)}",
        (string text, [MaybeNullWhen(false)] out string value) => words.Contains(value = text.ToLowerInvariant()),
        v => v);

    public static EnvForm<IReadOnlyList<string>> SomeOf(params string[] words) => new(
        $"some of {string.Join(", ", words)}, separated by commas",
        (string text, [MaybeNullWhen(false)] out IReadOnlyList<string> value) =>
        {
            var given = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            value = [.. given.Select(g => words.FirstOrDefault(w => string.Equals(w, g, StringComparison.OrdinalIgnoreCase))).OfType<string>().Distinct()];
            return value.Count > 0 && given.All(g => words.Contains(g, StringComparer.OrdinalIgnoreCase));
        },
        v => string.Join(',', v));

    private static bool ReadFlag(string text, out bool value)
    {
        value = Yes.Contains(text, StringComparer.OrdinalIgnoreCase);
        return value || No.Contains(text, StringComparer.OrdinalIgnoreCase);
    }

    [GeneratedRegex("^/?[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*/?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathPrefixPattern();

    [GeneratedRegex("^(/[A-Za-z0-9._~-]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BasePathPattern();

    [GeneratedRegex("^[a-z0-9_-]{1,60}$", RegexOptions.None, 1000)]
    private static partial Regex QueueNamePattern();

    // The same form as in the migrator: the name is also part of the names of locks.
    [GeneratedRegex("^[a-z][a-z0-9_]{0,40}$", RegexOptions.None, 1000)]
    private static partial Regex IdentifierPattern();
}
