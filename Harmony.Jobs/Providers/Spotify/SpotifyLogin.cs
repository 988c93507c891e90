namespace Harmony.Jobs.Providers.Spotify;

/// <summary>The state in which a user has to sign in at Spotify again.</summary>
public static class SpotifyLogin
{
    /// <summary>The prefix of the closed gate's reason.</summary>
    public const string Required = "login required";
}
