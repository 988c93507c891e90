namespace Harmony.Jobs.Providers.Health;

/// <summary>The result of the last health check of a provider.</summary>
/// <param name="Status">One of <see cref="ProviderStatus"/>.</param>
/// <param name="Reason">A code, set for a failure.</param>
public sealed record ProviderState(string Provider, string Status, string Message, string? Reason, DateTimeOffset? BlockedUntil, DateTimeOffset CheckedAt);

public static class ProviderStatus
{
    public const string Ok = "ok";
    public const string Failing = "fail";

    /// <summary>Its gate is closed, so it was not called.</summary>
    public const string Blocked = "blocked";

    public const string Disabled = "disabled";

    /// <summary>It has no probe, and no failure has closed its gate.</summary>
    public const string Unknown = "unknown";
}
