using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Harmony.Api.Configuration;
using Harmony.Api.Http;
using Harmony.Orchestrator;

namespace Harmony.Api.Dlq;

/// <summary>The dead letters of a call: ids, or all that match every part of a filter.</summary>
internal sealed record DlqChoice(
    IReadOnlyList<long>? Ids,
    [PlainText(64)] string? Kind,
    [PlainText(200)] string? Reason,
    DateTimeOffset? OlderThan,
    [PlainText(200)] string? Text,
    bool? DryRun) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var filters = Kind is not null || Reason is not null || OlderThan is not null || Text is not null;
        if (Ids is null == !filters)
            yield return new("give either ids, or a filter: kind, reason, older_than, text (together they must all fit).", ["ids"]);
        if (OlderThan > validationContext.GetRequiredService<TimeProvider>().GetUtcNow())
            yield return new("is in the future.", ["older_than"]);
        // An empty filter would select all rows: a blank field must not delete everything.
        foreach (var (name, value) in new[] { ("kind", Kind), ("reason", Reason), ("text", Text) })
        {
            if (value is not null && string.IsNullOrWhiteSpace(value))
                yield return new("is required.", [name]);
        }
    }

    public DeadLetterChoice Read(DateTimeOffset now) => new()
    {
        JobIds = Ids?.Distinct().ToArray(),
        Kind = Kind?.Trim(),
        ReasonCode = Reason?.Trim(),
        OlderThan = now - OlderThan,
        Text = Text?.Trim(),
        DryRun = DryRun ?? false,
    };
}

/// <summary>At least one id, and at most the limit of a call.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class MostIdsAttribute(string key) : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var most = validationContext.GetRequiredService<Settings>().Get((EnvKey<int>)EnvTable.Keys.Single(k => k.Name == key));
        return value is DlqChoice { Ids: { } ids } && (ids.Count == 0 || ids.Count > most)
            ? new(string.Create(CultureInfo.InvariantCulture, $"give 1 to {most} ids."), ["ids"])
            : null;
    }
}
