using System.Globalization;
using System.Text;
using Harmony.Orchestrator;

namespace Harmony.Api.Cli;

/// <summary>The catalogue as the table in docs/jobs.md; <c>harmony config --write</c> renews it there.</summary>
internal static class CatalogueTable
{
    public const string Begin = "<!-- catalogue: written by harmony config --write -->";
    public const string End = "<!-- end of the catalogue -->";

    public static string Markdown(Catalogue catalogue)
    {
        var text = new StringBuilder("| Kind | Lane | Unique while live | Providers | Retries | Timeout | Priority | Startable by hand |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var kind in catalogue.Kinds.OrderBy(k => k.Kind, StringComparer.Ordinal))
        {
            var spec = kind.Spec;
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{kind.Kind}` | {spec.Lane} | {(spec.UniqueKey is null ? "–" : $"`{spec.UniqueKey}`")} | {(spec.Providers.Count == 0 ? "–" : string.Join(", ", spec.Providers))} | {spec.MaxRetries} | {spec.Timeout.TotalMinutes:0.#} min | {spec.Priority} | {(spec.OperatorStartable ? "yes" : "no")} |\n");
        }

        return text.ToString();
    }

    /// <summary>The page with its table renewed.</summary>
    public static string Renew(string page, Catalogue catalogue)
    {
        var from = page.IndexOf(Begin, StringComparison.Ordinal);
        var to = page.IndexOf(End, StringComparison.Ordinal);
        return from < 0 || to < from
            ? throw new InvalidOperationException($"docs/jobs.md has lost its marks: {Begin} and {End}")
            : page[..(from + Begin.Length)] + "\n" + Markdown(catalogue) + page[to..];
    }
}
