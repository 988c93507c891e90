namespace Harmony.Jobs.Providers.Health;

/// <summary>Looks whether a provider could be used right now. What keeps it from that is thrown, as by any other call.</summary>
public interface IProviderProbe
{
    string Provider { get; }

    /// <summary>What was seen, in words.</summary>
    Task<string> LookAsync(CancellationToken cancellationToken);
}
