namespace Harmony.Sandbox.Faults;

/// <summary>The rules in force, on disk so that a restarted stand-in goes on misbehaving.</summary>
internal sealed class FaultBook
{
    private readonly Lock _gate = new();
    private readonly Journal<Entry> _journal;
    private List<FaultRule> _rules;

    public FaultBook(string path)
    {
        _journal = new Journal<Entry>(path, _ => "rules");
        _rules = _journal.Load().FirstOrDefault()?.Rules ?? [];
    }

    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_gate)
                return [.. _rules];
        }
    }

    public void Replace(IEnumerable<FaultRule> rules)
    {
        lock (_gate)
        {
            _rules = [.. rules];
            _journal.Replace([new Entry(_rules)]);
        }
    }

    public FaultRule? Strike(string method, string path)
        => Strike(rule => FaultRule.HttpKinds.Contains(rule.Kind) && rule.MatchesRequest(method, path));

    public FaultRule? Strike(string kind, string peer, string file)
        => Strike(rule => rule.Kind == kind && rule.MatchesTransfer(peer, file));

    /// <summary>Looks without using the rule up.</summary>
    public bool IsInForce(string kind, string peer)
    {
        lock (_gate)
            return _rules.Exists(rule => rule.Kind == kind && !rule.Spent && rule.MatchesTransfer(peer, "*"));
    }

    private FaultRule? Strike(Predicate<FaultRule> matches)
    {
        lock (_gate)
        {
            for (var i = 0; i < _rules.Count; i++)
            {
                var rule = _rules[i];
                if (rule.Spent || !matches(rule))
                    continue;
                _rules[i] = rule with { Seen = rule.Seen + 1 };
                if (rule.Times is not null || rule.Skip > 0)
                    _journal.Replace([new Entry(_rules)]);
                if (rule.Seen >= rule.Skip)
                    return rule;
            }
            return null;
        }
    }

    private sealed record Entry(List<FaultRule> Rules);
}
