using System.Globalization;
using Harmony.Api.Http;
using Harmony.Orchestrator;

namespace Harmony.Api.Dlq;

/// <summary>Which dead letters a call means: ids, or everything that fits all the parts of a filter.</summary>
internal sealed record DlqChoice(IReadOnlyList<long>? Ids, string? Kind, string? Reason, DateTimeOffset? OlderThan, string? Text, bool? DryRun)
{
    public DeadLetterChoice Read(Checks checks, int most, DateTimeOffset now)
    {
        var filters = Kind is not null || Reason is not null || OlderThan is not null || Text is not null;
        if (Ids is null == !filters)
            checks.Add("ids", "give either ids, or a filter: kind, reason, older_than, text (together they must all fit).");
        if (Ids is { } ids && (ids.Count == 0 || ids.Count > most))
            checks.Add("ids", string.Create(CultureInfo.InvariantCulture, $"give 1 to {most} ids."));
        if (OlderThan > now)
            checks.Add("older_than", "is in the future.");
        return new()
        {
            JobIds = Ids?.Distinct().ToArray(),
            Kind = Filled(checks, "kind", Kind, 64),
            ReasonCode = Filled(checks, "reason", Reason, 200),
            OlderThan = now - OlderThan,
            Text = Filled(checks, "text", Text, 200),
            DryRun = DryRun ?? false,
        };
    }

    // Empty would mean "all of them" to the database: nobody deletes everything by a field left blank.
    private static string? Filled(Checks checks, string name, string? value, int longest) =>
        value is null ? null : checks.Text(name, value, longest);
}
