namespace Harmony.Jobs.Providers.Http;

/// <summary>The limits of one call.</summary>
/// <param name="Timeout">For each try, its body included; waiting for a turn is not counted.</param>
/// <param name="Retries">0 is one try. Any higher value is one second try at once: a call never sleeps, further retries are the job's.</param>
internal sealed record CallLimits(TimeSpan Timeout, int Retries, int MaxBytes)
{
    public int Tries => Math.Min(Retries, 1) + 1;
}
