using Harmony.Jobs.Providers.Artwork;
using Harmony.Jobs.Providers.Lyrics;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Jobs.Providers.Spotify;

namespace Harmony.Jobs.Providers;

/// <summary>Everything outside that Harmony talks to.</summary>
public sealed class ProviderOptions
{
    /// <summary>Goes into the User-Agent: free providers block callers who name none.</summary>
    public string Contact { get; init; } = "self-hosted";

    /// <summary>Calls to one provider at once, from this process.</summary>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>Integrations an operator has switched off: nobody calls them.</summary>
    public IReadOnlyList<string> Disabled { get; init; } = [];

    /// <summary>How long somebody who asks how the providers stand waits for each.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(800);

    public SpotifyOptions Spotify { get; init; } = new();

    public SlskdOptions Slskd { get; init; } = new();

    public LyricsOptions Lyrics { get; init; } = new();

    public ArtworkOptions Artwork { get; init; } = new();
}
