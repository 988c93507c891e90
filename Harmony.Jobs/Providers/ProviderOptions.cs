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

    public SpotifyOptions Spotify { get; init; } = new();

    public SlskdOptions Slskd { get; init; } = new();

    public LyricsOptions Lyrics { get; init; } = new();

    public ArtworkOptions Artwork { get; init; } = new();
}
