using System.Text.Json.Nodes;

namespace Harmony.Sandbox.Slskd;

/// <summary>
/// The daemon's login at the Soulseek server, which throws out whoever searches more than 34 times in 220 seconds, for
/// half an hour.
/// </summary>
internal sealed class SoulseekLink
{
    public const int SearchBudget = 34;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(220);
    private static readonly TimeSpan Ban = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly bool _enforced;
    private readonly Journal<Saved> _journal;
    private readonly Queue<DateTimeOffset> _searches = [];
    private Saved _saved;

    public SoulseekLink(TimeProvider clock, string path, bool enforced)
    {
        _clock = clock;
        _enforced = enforced;
        _journal = new Journal<Saved>(path, _ => "link");
        _saved = _journal.Load().FirstOrDefault() ?? new Saved(true, DateTimeOffset.MinValue, DateTimeOffset.MinValue, []);
        foreach (var time in _saved.Searches)
            _searches.Enqueue(time);
    }

    public string State
    {
        get
        {
            lock (_gate)
            {
                var now = _clock.GetUtcNow();
                if (!_saved.Wanted || _saved.BannedUntil > now)
                    return "Disconnected";
                var since = now - (_saved.BannedUntil > _saved.ConnectedAt ? _saved.BannedUntil : _saved.ConnectedAt);
                return since.TotalSeconds switch
                {
                    < 0.4 => "Connected",
                    < 1.5 => "Connected, LoggingIn",
                    _ => "Connected, LoggedIn",
                };
            }
        }
    }

    public bool IsLoggedIn => State.EndsWith("LoggedIn", StringComparison.Ordinal);

    public void Connect()
    {
        lock (_gate)
        {
            if (!_saved.Wanted)
                Save(_saved with { Wanted = true, ConnectedAt = _clock.GetUtcNow() });
        }
    }

    public void Disconnect()
    {
        lock (_gate)
            Save(_saved with { Wanted = false });
    }

    public void CountSearch()
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            _searches.Enqueue(now);
            Forget(now);
            var ban = _enforced && _searches.Count > SearchBudget ? now + Ban : _saved.BannedUntil;
            Save(_saved with { BannedUntil = ban });
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _searches.Clear();
            Save(new Saved(true, DateTimeOffset.MinValue, DateTimeOffset.MinValue, []));
        }
    }

    public JsonObject Figures()
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            Forget(now);
            return new JsonObject
            {
                ["searchesInWindow"] = _searches.Count,
                ["searchBudget"] = SearchBudget,
                ["banned"] = _saved.BannedUntil > now,
            };
        }
    }

    public JsonObject Describe()
    {
        var state = State;
        var node = new JsonObject
        {
            ["state"] = state,
            ["isConnected"] = state.StartsWith("Connected", StringComparison.Ordinal),
            ["isConnecting"] = false,
            ["isLoggedIn"] = state.EndsWith("LoggedIn", StringComparison.Ordinal),
            ["isLoggingIn"] = state.EndsWith("LoggingIn", StringComparison.Ordinal),
            ["isTransitioning"] = state.EndsWith("LoggingIn", StringComparison.Ordinal),
        };
        if (state == "Disconnected")
            return node;
        node.Insert(0, "address", "127.0.0.1");
        node.Insert(1, "ipEndPoint", "127.0.0.1:2242");
        return node;
    }

    private void Forget(DateTimeOffset now)
    {
        while (_searches.TryPeek(out var oldest) && oldest <= now - Window)
            _searches.Dequeue();
    }

    private void Save(Saved saved)
    {
        _saved = saved with { Searches = [.. _searches] };
        _journal.Replace([_saved]);
    }

    private sealed record Saved(bool Wanted, DateTimeOffset ConnectedAt, DateTimeOffset BannedUntil, List<DateTimeOffset> Searches);
}
