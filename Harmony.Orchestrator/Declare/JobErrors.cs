namespace Harmony.Orchestrator;

/// <summary>A retry cannot help: the job becomes a dead letter at once, with this reason code.</summary>
public sealed class PermanentJobException(string reasonCode, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public string ReasonCode { get; } = reasonCode;
}

/// <summary>The provider refuses calls until a time: its gate closes for every process, no attempt is spent.</summary>
public sealed class ProviderBlockedException(string provider, TimeSpan wait, string reason, Exception? inner = null)
    : Exception($"{provider} is blocked for {wait.TotalSeconds:0} s: {reason}", inner)
{
    public string Provider { get; } = provider;

    public TimeSpan Wait { get; } = wait;

    /// <summary>The provider named no time, and <see cref="Wait"/> is an estimate: it doubles with each further refusal, up to this.</summary>
    public TimeSpan? LongestGuess { get; init; }

    /// <summary>The same refusal with the computed wait.</summary>
    public ProviderBlockedException Lasting(TimeSpan length) => new(Provider, length, Reason, this);

    public string Reason { get; } = reason;
}

/// <summary>A call to a provider failed. The job is retried; consecutive outages of one provider close its gate for every process.</summary>
public class ProviderFailedException(string provider, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public string Provider { get; } = provider;

    /// <summary>Would any other call fail now, too? An unreadable answer is no outage.</summary>
    public virtual bool IsOutage => true;
}

/// <summary>The lease of this run is lost: another process may run the job, so no write of this run may be committed.</summary>
internal sealed class LeaseLostException(long jobId)
    : Exception($"job {jobId}: the lease of this run is lost, its writes are refused")
{
    public long JobId { get; } = jobId;
}
