namespace Harmony.Jobs.Providers.Health;

/// <summary>How a provider stood when it was last looked at.</summary>
/// <param name="Status">One of <see cref="ProviderStatus"/>.</param>
/// <param name="Reason">A code, where there is trouble.</param>
public sealed record ProviderState(string Provider, string Status, string Message, string? Reason, DateTimeOffset? BlockedUntil, DateTimeOffset CheckedAt);

public static class ProviderStatus
{
    public const string Ok = "ok";
    public const string Failing = "fail";

    /// <summary>Its gate keeps everybody away, so nobody asked it.</summary>
    public const string Blocked = "blocked";

    public const string Disabled = "disabled";

    /// <summary>Nobody asks it just to know; nothing it did has closed its gate.</summary>
    public const string Unknown = "unknown";
}
