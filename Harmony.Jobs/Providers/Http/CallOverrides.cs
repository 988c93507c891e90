namespace Harmony.Jobs.Providers.Http;

/// <summary>What one kind of work allows a single call, where that differs from what the provider's own keys say.</summary>
/// <param name="Timeout">For each try; null: the provider's.</param>
/// <param name="Retries">0: one try; null: the provider's.</param>
public sealed record CallOverrides(TimeSpan? Timeout = null, int? Retries = null);
