using System.Text.RegularExpressions;

namespace Harmony.Api.Pages.Live;

/// <summary>Splits a rendered page into its parts. The renderer encodes texts, so only a part writes these marks.</summary>
internal static partial class Parts
{
    public static IReadOnlyDictionary<string, string> In(string html) =>
        Marked().Matches(html).ToDictionary(m => m.Groups["id"].Value, m => m.Groups["html"].Value, StringComparer.Ordinal);

    [GeneratedRegex("<!--part (?<id>[a-z0-9-]+)-->(?<html>.*?)<!--/part-->", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Marked();
}
