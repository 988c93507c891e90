namespace Harmony.Jobs.Providers.Artwork;

public sealed class ArtworkOptions
{
    public const string Provider = "artwork";

    /// <summary>Hosts in addition to the built-in ones; <c>*.example.org</c> means every name below it.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary><c>host:port</c> of test servers that may have a private address and use plain http.</summary>
    public IReadOnlyList<string> AllowPrivate { get; init; } = [];

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>0: one try per call; otherwise a second one at once when the connection broke.</summary>
    public int Retries { get; init; } = 1;

    public int MaxBytes { get; init; } = 10 * 1024 * 1024;

    public int MaxMegapixels { get; init; } = 36;
}
