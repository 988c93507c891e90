namespace Harmony.Jobs.Providers.Spotify;

/// <summary>The state in which somebody has to sign in at Spotify again.</summary>
public static class SpotifyLogin
{
    /// <summary>How the reason of the closed gate begins.</summary>
    public const string Required = "login required";
}
