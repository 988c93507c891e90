namespace Harmony.Jobs.Providers.Health;

/// <summary>One status for all providers. Pure.</summary>
public static class Overall
{
    public const string Ok = "ok";
    public const string Degraded = "degraded";
    public const string Down = "down";

    /// <summary>Down when every enabled integration fails; optional additions to files (lyrics, covers) can at most degrade.</summary>
    public static string Of(IReadOnlyCollection<ProviderState> states, IReadOnlyCollection<string> integrations)
    {
        var on = states.Where(state => integrations.Contains(state.Provider) && state.Status != ProviderStatus.Disabled).ToList();
        if (on.Count > 0 && on.TrueForAll(state => state.Status != ProviderStatus.Ok))
            return Down;

        return on.TrueForAll(state => state.Status == ProviderStatus.Ok)
            && states.All(state => state.Status is not (ProviderStatus.Failing or ProviderStatus.Blocked))
                ? Ok
                : Degraded;
    }
}
