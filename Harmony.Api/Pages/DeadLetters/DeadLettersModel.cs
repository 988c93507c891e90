using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.DeadLetters;

public sealed record DeadLettersModel(
    DeadLetterFilter Filter, DeadLetterAge? Age, IReadOnlyList<DeadLetterGroup> Groups, DeadLettersFound Found, DateTimeOffset Now)
{
    public const int Most = 50;

    public long Total => Groups.Sum(g => g.Jobs);

    public long LastDay => Groups.Sum(g => g.LastDay);

    public IEnumerable<string> Kinds => Groups.Select(g => g.Kind).Distinct().Order(StringComparer.Ordinal);

    public IEnumerable<string> Reasons => Groups.Select(g => g.ReasonCode).Distinct().Order(StringComparer.Ordinal);

    public bool IsNarrowed => Filter is not { Kind: null, ReasonCode: null, Text: null } || Age is not null;

    public string Address(string path, params ReadOnlySpan<(string Name, object? Value)> more) => Links.With(
        path, [("kind", Filter.Kind), ("reason", Filter.ReasonCode), ("age", Age?.Name), ("text", Filter.Text), .. more]);
}
