using Harmony.Jobs.Providers.Artwork;
using Harmony.Jobs.Providers.Lyrics;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Jobs.Providers.Spotify;

namespace Harmony.Jobs.Providers;

/// <summary>The settings of all external services.</summary>
public sealed class ProviderOptions
{
    /// <summary>Part of the User-Agent: free providers block callers without a contact.</summary>
    public string Contact { get; init; } = "self-hosted";

    /// <summary>Concurrent calls to one provider, from this process.</summary>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>Integrations switched off by an operator: they are never called.</summary>
    public IReadOnlyList<string> Disabled { get; init; } = [];

    /// <summary>The time limit of each provider in a request for their health.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(800);

    public SpotifyOptions Spotify { get; init; } = new();

    public SlskdOptions Slskd { get; init; } = new();

    public LyricsOptions Lyrics { get; init; } = new();

    public ArtworkOptions Artwork { get; init; } = new();
}
