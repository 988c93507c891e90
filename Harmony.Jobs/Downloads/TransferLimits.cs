namespace Harmony.Jobs.Downloads;

/// <summary>The three time limits of a transfer, and how long one may be missing in slskd's list.</summary>
public sealed record TransferLimits
{
    public TimeSpan Acknowledge { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Queue { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan Progress { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan Vanish { get; init; } = TimeSpan.FromSeconds(10);
}
