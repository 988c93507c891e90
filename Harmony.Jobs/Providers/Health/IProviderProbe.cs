namespace Harmony.Jobs.Providers.Health;

/// <summary>Checks that a provider is usable now. A failure is thrown, as by any other call.</summary>
public interface IProviderProbe
{
    string Provider { get; }

    /// <summary>The result of the check, in words.</summary>
    Task<string> LookAsync(CancellationToken cancellationToken);
}
