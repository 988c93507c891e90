namespace Harmony.Orchestrator;

/// <summary>
/// The number and delay of retries of a failed job. In order of precedence: <c>RETRY_&lt;KIND&gt;_*</c>, <c>RETRY_*</c>, the declaration of the kind
/// (<see cref="JobSpec"/>), <see cref="Default"/>.
/// </summary>
/// <param name="MaxRetries">Retries after the first run; 10 means 11 runs (<c>_MAX_ATTEMPTS</c>).</param>
/// <param name="Base">The first delay; it doubles with each failure, six times at most (<c>_BASE_SECONDS</c>).</param>
/// <param name="Jitter">How much a delay may vary either way, as a share of it (<c>_JITTER_PCT</c>).</param>
/// <param name="Timeout">How long a run may take (<c>_TIMEOUT_SECONDS</c>).</param>
public sealed record RetryPolicy(int MaxRetries, TimeSpan Base, double Jitter, TimeSpan Timeout)
{
    private const int LargestExponent = 6;

    /// <summary>The policy of a kind that declares none.</summary>
    public static RetryPolicy Default { get; } = new(MaxRetries: 10, Base: TimeSpan.FromSeconds(60), Jitter: 0.2, Timeout: TimeSpan.FromMinutes(10));

    /// <summary>base·2^min(n,6), n = failures so far not counting this one, spread evenly over ± jitter.</summary>
    /// <param name="failuresBefore">0 for the first failure.</param>
    /// <param name="random">Uniform in [0, 1).</param>
    public TimeSpan Delay(int failuresBefore, double random)
    {
        var factor = Math.Pow(2, Math.Clamp(failuresBefore, 0, LargestExponent));
        var spread = 1 - Jitter + (2 * Jitter * random);
        return TimeSpan.FromSeconds(Math.Min(Base.TotalSeconds * factor * spread, TimeSpan.FromDays(30).TotalSeconds));
    }
}

/// <summary>The configured retry settings; a part that is null keeps the kind's own declaration.</summary>
public sealed record RetryOverride(int? MaxRetries = null, TimeSpan? Base = null, double? Jitter = null, TimeSpan? Timeout = null);

/// <summary>The policy of every kind: RETRY_&lt;KIND&gt;_* over RETRY_* over the declaration. May change while jobs run: the next end of a run uses it.</summary>
public sealed class RetryPolicies(OrchestratorOptions options)
{
    public void Replace(RetryOverride? all, IReadOnlyDictionary<string, RetryOverride> byKind) =>
        (options.RetryDefaults, options.RetryByKind) = (all, byKind);

    public RetryPolicy For(JobKind kind)
    {
        var own = options.RetryByKind.GetValueOrDefault(kind.Kind);
        var all = options.RetryDefaults;
        return new RetryPolicy(
            own?.MaxRetries ?? all?.MaxRetries ?? kind.Spec.MaxRetries,
            own?.Base ?? all?.Base ?? kind.Spec.RetryBase,
            own?.Jitter ?? all?.Jitter ?? RetryPolicy.Default.Jitter,
            own?.Timeout ?? all?.Timeout ?? kind.Spec.Timeout);
    }
}
