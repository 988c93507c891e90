namespace Harmony.Jobs.Providers.Http;

/// <summary>What one call may cost.</summary>
/// <param name="Timeout">For each try, its body included; waiting for a turn is not counted.</param>
/// <param name="Retries">0 is one try. Anything more is a second one, at once: nothing sleeps in a call, the rest is the job's own retry.</param>
internal sealed record CallLimits(TimeSpan Timeout, int Retries, int MaxBytes)
{
    public int Tries => Math.Min(Retries, 1) + 1;
}
