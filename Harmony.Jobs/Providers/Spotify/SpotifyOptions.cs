namespace Harmony.Jobs.Providers.Spotify;

public sealed record SpotifyOptions
{
    public const string Provider = "spotify";

    /// <summary>Ends in <c>/v1</c>.</summary>
    public Uri ApiBaseUrl { get; init; } = new("https://api.spotify.com/v1");

    public Uri AccountsBaseUrl { get; init; } = new("https://accounts.spotify.com");

    public string ClientId { get; init; } = "";

    /// <summary>Empty for an application without one: it can act only for a user who signed in.</summary>
    public string ClientSecret { get; init; } = "";

    /// <summary>Of a user who signed in: calls are made in that user's name. Empty: in the application's name.</summary>
    public string RefreshToken { get; init; } = "";

    public bool IsConfigured => ClientId.Length > 0 && (ClientSecret.Length > 0 || RefreshToken.Length > 0);

    // The ToString of a record would write its secrets into logs.
    public override string ToString() => Provider;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>0: one try per call; otherwise a second one at once when the connection broke.</summary>
    public int Retries { get; init; } = 1;
}
