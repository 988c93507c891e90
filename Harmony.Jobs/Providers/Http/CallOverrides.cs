namespace Harmony.Jobs.Providers.Http;

/// <summary>The limits of a single call for one kind of work, where they differ from the provider's own settings.</summary>
/// <param name="Timeout">For each try; null: the provider's.</param>
/// <param name="Retries">0: one try; null: the provider's.</param>
public sealed record CallOverrides(TimeSpan? Timeout = null, int? Retries = null);
