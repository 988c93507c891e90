using System.Text.Json;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>The database's copy of the catalogue: SQL takes lanes, keys and limits from it, also for psql.</summary>
public sealed class KindSync(Database database, Catalogue catalogue, OrchestratorOptions options)
{
    public Task WriteAsync(CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            "select harmony.sync_kinds(cast(@kinds as jsonb), cast(@rates as jsonb))",
            new { kinds = KindsOf(catalogue, options), rates = RatesOf(catalogue) },
            cancellationToken);

    internal static string KindsOf(Catalogue catalogue, OrchestratorOptions options) => JsonSerializer.Serialize(
        catalogue.Kinds.Select(k => new
        {
            k.Kind,
            k.Spec.Lane,
            k.Spec.Providers,
            KeyTemplate = k.Spec.UniqueKey,
            UniqueUntil = k.Spec.UniqueKey is null ? null : k.Spec.UniqueUntil.ToString().ToLowerInvariant(),
            MaxRetries = options.RetryByKind.GetValueOrDefault(k.Kind)?.MaxRetries ?? options.RetryDefaults?.MaxRetries ?? k.Spec.MaxRetries,
            TimeoutSeconds = k.Spec.Timeout.TotalSeconds,
            DefaultPriority = k.Spec.Priority,
            k.Spec.OperatorStartable,
        }),
        JobJson.Options);

    internal static string RatesOf(Catalogue catalogue) => JsonSerializer.Serialize(
        catalogue.Lanes.Where(l => l.Rate is not null).Select(l => new { Lane = l.Name, l.Rate!.Permits, Seconds = l.Rate.Window.TotalSeconds }),
        JobJson.Options);
}
