namespace Harmony.Orchestrator;

/// <summary>No retry will help: dead letter at once, with this reason code.</summary>
public sealed class PermanentJobException(string reasonCode, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public string ReasonCode { get; } = reasonCode;
}

/// <summary>The provider does not want to hear from us before a time: the gate closes for every process, no attempt is spent.</summary>
public sealed class ProviderBlockedException(string provider, TimeSpan wait, string reason, Exception? inner = null)
    : Exception($"{provider} is blocked for {wait.TotalSeconds:0} s: {reason}", inner)
{
    public string Provider { get; } = provider;

    public TimeSpan Wait { get; } = wait;

    /// <summary>The provider named no time, and <see cref="Wait"/> is a guess: it doubles each time the provider refuses again, up to this.</summary>
    public TimeSpan? LongestGuess { get; init; }

    /// <summary>The same refusal with the wait that came of it.</summary>
    public ProviderBlockedException Lasting(TimeSpan length) => new(Provider, length, Reason, this);

    public string Reason { get; } = reason;
}

/// <summary>A provider did not do its part. The job is retried; outages of one in a row close its gate for every process.</summary>
public class ProviderFailedException(string provider, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public string Provider { get; } = provider;

    /// <summary>Would any other call fail now, too? An answer nobody understands is no outage.</summary>
    public virtual bool IsOutage => true;
}

/// <summary>The lease of this run is gone: somebody else may run the job, so none of our writes may land.</summary>
internal sealed class LeaseLostException(long jobId)
    : Exception($"job {jobId}: the lease of this run is lost, its writes are refused")
{
    public long JobId { get; } = jobId;
}
