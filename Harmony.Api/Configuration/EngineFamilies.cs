using Harmony.Api.Configuration.Keys;
using Harmony.Orchestrator;

namespace Harmony.Api.Configuration;

/// <summary>The keys that carry the name of a lane or kind. An unknown name stops the start: the operator would believe that it works.</summary>
internal sealed class EngineFamilies
{
    private const string Pool = "ORCH_POOL_";
    private const string Retry = "RETRY_";
    // Names of the origin systems for the width of a lane.
    private static readonly Dictionary<string, string> OldWidths = new(StringComparer.Ordinal)
    {
        ["ARTIST_POOL_CONCURRENCY"] = "artists",
        ["WATCHLIST_MAX_CONCURRENCY"] = "watchlist",
    };

    private static readonly EnvForm<int> Widest = EnvForms.Whole(0, 1000);
    private static readonly (string Suffix, string Says, Func<RetryOverride, string, RetryOverride?> Take)[] Takers =
    [
        ("_MAX_ATTEMPTS", EngineKeys.RetryCount.Says, (o, text) => EngineKeys.RetryCount.TryRead(text, out var n) ? o with { MaxRetries = n } : null),
        ("_BASE_SECONDS", EngineKeys.RetryBase.Says, (o, text) => EngineKeys.RetryBase.TryRead(text, out var t) ? o with { Base = t } : null),
        ("_JITTER_PCT", EnvForms.Share.Says, (o, text) => EnvForms.Share.TryRead(text, out var j) ? o with { Jitter = j } : null),
        ("_TIMEOUT_SECONDS", EngineKeys.RetryTimeout.Says, (o, text) => EngineKeys.RetryTimeout.TryRead(text, out var t) ? o with { Timeout = t } : null),
    ];

    private readonly EngineNames _names;
    private readonly Dictionary<string, int> _widths;
    private readonly Dictionary<string, RetryOverride> _retries = new(StringComparer.Ordinal);

    public EngineFamilies(EngineNames names, IReadOnlyDictionary<string, string> environment)
    {
        _names = names;
        _widths = new(names.Widths, StringComparer.Ordinal);
        var given = environment
            .Where(e => e.Value.Trim().Length > 0 && !EnvTable.IsKey(e.Key) && !EnvTable.Retired.Any(r => r.Covers(e.Key)))
            .OrderBy(e => e.Key, StringComparer.Ordinal)
            .ToList();
        foreach (var (name, value) in given.Where(e => OldWidths.ContainsKey(e.Key)))
        {
            if (Width(name, OldWidths[name], value.Trim()) is { } old)
                _widths[old.Lane] = old.Width;
        }

        // The key with the lane's own name comes last and wins; of several kinds in one lane the widest wins.
        foreach (var group in given.Where(e => e.Key.StartsWith(Pool, StringComparison.Ordinal)).GroupBy(e => Nearness(WordOf(e.Key))).OrderBy(g => g.Key))
        {
            foreach (var lane in group.Select(e => Width(e.Key, WordOf(e.Key), e.Value.Trim())).OfType<(string Lane, int Width)>().GroupBy(w => w.Lane))
                _widths[lane.Key] = lane.Max(w => w.Width);
        }

        // The key with the kind's own name comes after the old names and wins.
        foreach (var (name, value) in given.Where(e => e.Key.StartsWith(Retry, StringComparison.Ordinal)).OrderBy(e => names.LaneOfKind.Keys.Any(k => IsOf(e.Key, k))))
            TakeRetry(name, value.Trim());
    }

    /// <summary>The width of every lane: a lane without a key keeps its default.</summary>
    public IReadOnlyDictionary<string, int> Widths => _widths;

    public IReadOnlyDictionary<string, RetryOverride> Retries => _retries;

    public List<SettingProblem> Problems { get; } = [];

    public List<string> Warnings { get; } = [];

    private static string WordOf(string name) => name[Pool.Length..].ToLowerInvariant();

    private static bool IsOf(string name, string kind) => name.StartsWith($"{Retry}{kind.ToUpperInvariant()}_", StringComparison.Ordinal);

    private int Nearness(string word) => _names.Widths.ContainsKey(word) ? 2 : _names.LaneOfKind.ContainsKey(word) ? 1 : 0;

    private (string Lane, int Width)? Width(string name, string word, string value)
    {
        if (_names.LaneOf(word) is not { } lane)
        {
            if (_names.IsGone(word))
                WarnOfGone(name, word);
            else
                Unknown(name, word, "lane or kind", _names.Widths.Keys);
            return null;
        }

        if (!Widest.TryRead(value, out var width))
        {
            Malformed(name, value, Widest.Says);
            return null;
        }

        if (Nearness(word) == 0 || OldWidths.ContainsKey(name))
            WarnOfOldName(name, $"{Pool}{lane.ToUpperInvariant()}");
        if (!_names.HasKinds(lane))
            Warnings.Add($"{name} has no effect (yet): no kind of job runs in lane {lane}.");
        return (lane, width);
    }

    private void TakeRetry(string name, string value)
    {
        var rest = name[Retry.Length..];
        var taker = Takers.FirstOrDefault(t => rest.EndsWith(t.Suffix, StringComparison.Ordinal));
        var suffix = taker.Suffix ?? "";
        var word = rest[..^suffix.Length].ToLowerInvariant();
        if (suffix.Length > 0 && _names.IsGone(word))
        {
            WarnOfGone(name, word);
        }
        else if (suffix.Length == 0 || _names.KindOf(word) is not { } kind)
        {
            Unknown(name, word, "kind", _names.LaneOfKind.Keys);
        }
        else if (taker.Take(_retries.GetValueOrDefault(kind) ?? new(), value) is not { } taken)
        {
            Malformed(name, value, taker.Says);
        }
        else
        {
            if (word != kind)
                WarnOfOldName(name, $"{Retry}{kind.ToUpperInvariant()}{suffix}");
            _retries[kind] = taken;
        }
    }

    private void WarnOfOldName(string name, string now) => Warnings.Add($"{name} is an old name and still works; it is now {now}.");

    private void WarnOfGone(string name, string word) =>
        Warnings.Add($"{name} has no effect: \"{word}\" is no kind of job here.");

    private void Unknown(string name, string word, string what, IEnumerable<string> known) =>
        Problems.Add(new(
            ExitCode.Missing, name, $"there is no {what} called \"{word}\".", $"Known: {string.Join(", ", known.Order(StringComparer.Ordinal))}."));

    private void Malformed(string name, string value, string says) =>
        Problems.Add(new(ExitCode.Malformed, name, $"\"{Settings.Shown(value)}\" cannot be read.", $"Give {says}."));
}
