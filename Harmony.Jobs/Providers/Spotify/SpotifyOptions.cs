namespace Harmony.Jobs.Providers.Spotify;

public sealed class SpotifyOptions
{
    public const string Provider = "spotify";

    /// <summary>Ends in <c>/v1</c>.</summary>
    public Uri ApiBaseUrl { get; init; } = new("https://api.spotify.com/v1");

    public Uri AccountsBaseUrl { get; init; } = new("https://accounts.spotify.com");

    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>0: one try per call; otherwise a second one at once when the connection broke.</summary>
    public int Retries { get; init; } = 1;
}
