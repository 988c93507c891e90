namespace Harmony.Orchestrator;

/// <summary>How often and how late a failed job is tried again.</summary>
public sealed record RetryPolicy(int MaxRetries, TimeSpan Base, double Jitter, TimeSpan Timeout)
{
    private const int LargestExponent = 6;

    /// <summary>base·2^min(n,6), n = failures so far not counting this one, spread evenly over ± jitter.</summary>
    /// <param name="failuresBefore">0 for the first failure.</param>
    /// <param name="chance">Uniform in [0, 1).</param>
    public TimeSpan Delay(int failuresBefore, double chance)
    {
        var factor = Math.Pow(2, Math.Clamp(failuresBefore, 0, LargestExponent));
        var spread = 1 - Jitter + (2 * Jitter * chance);
        return TimeSpan.FromSeconds(Math.Min(Base.TotalSeconds * factor * spread, TimeSpan.FromDays(30).TotalSeconds));
    }
}

/// <summary>What the configuration says about retries; a null part leaves the kind's own declaration.</summary>
public sealed record RetryOverride(int? MaxRetries, TimeSpan? Base, double? Jitter, TimeSpan? Timeout);

/// <summary>The policy of every kind: RETRY_&lt;KIND&gt;_* over RETRY_* over the declaration. May change while jobs run: the next end of a run sees it.</summary>
public sealed class RetryPolicies(OrchestratorOptions options)
{
    private const double DefaultJitter = 0.2;

    public void Replace(RetryOverride? all, IReadOnlyDictionary<string, RetryOverride> byKind) =>
        (options.RetryDefaults, options.RetryByKind) = (all, byKind);

    public RetryPolicy For(JobKind kind)
    {
        var own = options.RetryByKind.GetValueOrDefault(kind.Kind);
        var all = options.RetryDefaults;
        return new RetryPolicy(
            own?.MaxRetries ?? all?.MaxRetries ?? kind.Spec.MaxRetries,
            own?.Base ?? all?.Base ?? kind.Spec.RetryBase,
            own?.Jitter ?? all?.Jitter ?? DefaultJitter,
            own?.Timeout ?? all?.Timeout ?? kind.Spec.Timeout);
    }
}
