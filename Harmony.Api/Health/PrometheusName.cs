using System.Text;

namespace Harmony.Api.Health;

/// <summary>Names and label values as Prometheus's text format spells them.</summary>
internal static class PrometheusName
{
    public static string Of(string name, string? unit = null, string? type = null)
    {
        var text = new StringBuilder(name.Length + 16);
        foreach (var c in name)
            text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        if (unit is "s" && !name.EndsWith("seconds", StringComparison.Ordinal))
            text.Append("_seconds");
        if (type == "counter" && !name.EndsWith("total", StringComparison.Ordinal))
            text.Append("_total");
        return text.ToString();
    }

    public static string Escaped(string? value) =>
        (value ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
