namespace Harmony.Api.Pages.Live;

/// <summary>The current content of a watched page: each part with the number of the tick that last changed it.</summary>
internal sealed record LiveState(long Tick, IReadOnlyDictionary<string, LivePart> Parts, bool Trouble)
{
    public static readonly LiveState None = new(0, new Dictionary<string, LivePart>(StringComparer.Ordinal), false);

    /// <summary>The next state, or this state when nothing changed.</summary>
    public LiveState With(IReadOnlyDictionary<string, string> html)
    {
        if (!Trouble && Tick > 0 && html.Count == Parts.Count && html.All(p => Parts.TryGetValue(p.Key, out var old) && old.Html == p.Value))
            return this;

        var tick = Tick + 1;
        var parts = html.ToDictionary(
            p => p.Key,
            p => Parts.TryGetValue(p.Key, out var old) && old.Html == p.Value ? old : new LivePart(p.Value, tick),
            StringComparer.Ordinal);
        return new LiveState(tick, parts, Trouble: false);
    }

    public LiveState InTrouble() => Trouble ? this : this with { Tick = Tick + 1, Trouble = true };
}

internal sealed record LivePart(string Html, long Tick);
