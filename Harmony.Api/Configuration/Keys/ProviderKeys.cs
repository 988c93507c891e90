using Harmony.Jobs.Providers;

namespace Harmony.Api.Configuration.Keys;

/// <summary>Keys of the providers of music, lyrics and covers.</summary>
internal static class ProviderKeys
{
    public static readonly EnvKey<IReadOnlyList<string>> Enabled = new("INTEGRATIONS_ENABLED", EnvForms.SomeOf([.. Integrations.Names]), Integrations.Names, "Providers in use, the same in every process of a fleet. A job that needs another one ends as a dead letter (integration_disabled); without spotify the watchlist is not looked at.") { Sets = ["Provider:Disabled"], As = enabled => Integrations.Names.Except(enabled).ToList() };

    public static readonly EnvKey<int> MaxConcurrency = new("PROVIDER_MAX_CONCURRENCY", EnvForms.Whole(1, 100), 4, "Calls to one provider at once, from this process.") { Sets = ["Provider:MaxConcurrency"] };

    public static readonly EnvKey<TimeSpan?> ExternalTimeout = new("EXTERNAL_TIMEOUT_MS", EnvForms.Milliseconds(100, 300_000).OrUnset(), null, "How long one call to any provider may take, unless the provider has its own key. Unset: what each one's row says; 20 s for lyrics.") { Sets = ["Provider:Spotify:Timeout", "Provider:Slskd:Timeout", "Provider:Lyrics:Timeout", "Provider:Artwork:Timeout"] };

    public static readonly EnvKey<int> ExternalRetries = new("EXTERNAL_RETRY_MAX", EnvForms.Whole(0, 100), 1, "0: each call is tried once. Anything more: a second time, at once, when the connection broke; the rest is the job's own retry (RETRY_*).") { Sets = ["Provider:Spotify:Retries", "Provider:Slskd:Retries", "Provider:Lyrics:Retries", "Provider:Artwork:Retries"] };

    public static readonly EnvKey<string?> SpotifyClientId = new("SPOTIFY_CLIENT_ID", EnvForms.Text, null, "Client id of your application at Spotify.") { Sets = ["Provider:Spotify:ClientId"] };

    public static readonly EnvKey<string?> SpotifyClientSecret = new("SPOTIFY_CLIENT_SECRET", EnvForms.Text, null, "Its secret. An application without one needs SPOTIFY_REFRESH_TOKEN.") { Sets = ["Provider:Spotify:ClientSecret"], Secret = true };

    public static readonly EnvKey<string?> SpotifyRefreshToken = new("SPOTIFY_REFRESH_TOKEN", EnvForms.Text, null, "Of a sign-in at your application: Spotify is asked in that user's name, the same in every process of a fleet. Once Spotify refuses it (after six months), jobs wait until a worker starts with a new one.") { Sets = ["Provider:Spotify:RefreshToken"], Secret = true };

    public static readonly EnvKey<Uri> SpotifyApi = new("SPOTIFY_API_BASE_URL", EnvForms.Url, new("https://api.spotify.com/v1"), "Spotify's Web API; ends in /v1.") { Sets = ["Provider:Spotify:ApiBaseUrl"] };

    public static readonly EnvKey<Uri> SpotifyAccounts = new("SPOTIFY_ACCOUNTS_BASE_URL", EnvForms.Url, new("https://accounts.spotify.com"), "Spotify's token service.") { Sets = ["Provider:Spotify:AccountsBaseUrl"] };

    public static readonly EnvKey<TimeSpan> SpotifyTimeout = new("PROVIDER_SPOTIFY_TIMEOUT_MS", EnvForms.Milliseconds(100, 300_000), TimeSpan.FromSeconds(15), "How long one call to Spotify may take.") { Sets = ["Provider:Spotify:Timeout"], Aliases = ["SPOTIFY_TIMEOUT_MS"] };

    public static readonly EnvKey<int?> SpotifyRetries = new("PROVIDER_SPOTIFY_RETRY_MAX", EnvForms.Whole(0, 100).OrUnset(), null, "As EXTERNAL_RETRY_MAX, for Spotify alone.") { Sets = ["Provider:Spotify:Retries"] };

    public static readonly EnvKey<Uri?> Slskd = new("SLSKD_BASE_URL", EnvForms.UrlOrUnset, null, "Where slskd answers. Unset: made of SLSKD_HOST and SLSKD_PORT.") { Aliases = ["SLSKD_URL"] };

    public static readonly EnvKey<string> SlskdHost = new("SLSKD_HOST", EnvForms.HostName, "127.0.0.1", "Part of slskd's address, when SLSKD_BASE_URL is unset.");

    public static readonly EnvKey<int> SlskdPort = new("SLSKD_PORT", EnvForms.Whole(1, 65535), 5030, "Part of slskd's address, when SLSKD_BASE_URL is unset.");

    public static readonly EnvKey<string?> SlskdApiKey = new("SLSKD_API_KEY", EnvForms.Text, null, "Key slskd was configured with.") { Sets = ["Provider:Slskd:ApiKey"], Secret = true };

    public static readonly EnvKey<TimeSpan> SlskdTimeout = new("PROVIDER_SLSKD_TIMEOUT_MS", EnvForms.Milliseconds(100, 300_000), TimeSpan.FromSeconds(8), "How long one call to slskd may take.") { Sets = ["Provider:Slskd:Timeout"], Aliases = ["SLSKD_TIMEOUT_MS"] };

    public static readonly EnvKey<int?> SlskdRetries = new("PROVIDER_SLSKD_RETRY_MAX", EnvForms.Whole(0, 100).OrUnset(), null, "As EXTERNAL_RETRY_MAX, for slskd alone.") { Sets = ["Provider:Slskd:Retries"], Aliases = ["SLSKD_RETRY_MAX"] };

    public static readonly EnvKey<TimeSpan> SlskdSearchTimeout = new("WATCHLIST_SLSKD_SEARCH_TIMEOUT_MS", EnvForms.Milliseconds(1000, 60_000), TimeSpan.FromSeconds(12), "How long slskd collects answers to a search.") { Sets = ["Provider:Slskd:SearchTimeout"], Aliases = ["WATCHLIST_SEARCH_TIMEOUT_MS"] };

    public static readonly EnvKey<SearchBudget> SlskdSearchBudget = new("SLSKD_SEARCH_BUDGET", EnvForms.Budget, SearchBudget.Most, "Soulseek searches in any window of seconds, over all processes; the network bans who asks more.");

    public static readonly EnvKey<IReadOnlyList<string>> SlskdFormats = new("SLSKD_PREFERRED_FORMATS", EnvForms.SomeOf("AAC", "AIFF", "ALAC", "APE", "FLAC", "MP3", "MPC", "OGG", "OPUS", "WAV", "WAVPACK", "WMA"), ["FLAC", "ALAC", "APE", "MP3"], "File formats to take, best first; what is not named is left.") { Sets = ["Ranking:PreferredFormats"] };

    public static readonly EnvKey<Uri> Lrclib = new("LRCLIB_BASE_URL", EnvForms.Url, new("https://lrclib.net"), "First source of lyrics.") { Sets = ["Provider:Lyrics:LrclibBaseUrl"] };

    public static readonly EnvKey<Uri> LyricsOvh = new("LYRICS_OVH_BASE_URL", EnvForms.Url, new("https://api.lyrics.ovh"), "Second source of lyrics.") { Sets = ["Provider:Lyrics:LyricsOvhBaseUrl"] };

    public static readonly EnvKey<bool> EnableArtwork = new("ENABLE_ARTWORK", EnvForms.Flag, false, "Embed covers.") { Sets = ["Download:EnableArtwork"] };

    public static readonly EnvKey<bool> EnableLyrics = new("ENABLE_LYRICS", EnvForms.Flag, false, "Embed lyrics and write .lrc files.") { Sets = ["Download:EnableLyrics"] };

    public static readonly EnvKey<TimeSpan> ArtworkTimeout = new("ARTWORK_HTTP_TIMEOUT", EnvForms.Number(0.1, 300).InSeconds(), TimeSpan.FromSeconds(15), "Seconds one image download may take.") { Sets = ["Provider:Artwork:Timeout"], Aliases = ["ARTWORK_TIMEOUT_SEC"] };

    public static readonly EnvKey<int> ArtworkMaxBytes = new("ARTWORK_MAX_BYTES", EnvForms.Whole(1024, 16_000_000), 10_485_760, "Largest image to take.") { Sets = ["Provider:Artwork:MaxBytes"] };

    public static readonly EnvKey<IReadOnlyList<string>> ArtworkHosts = new("ARTWORK_ALLOWED_HOSTS", EnvForms.Words, [], "More hosts covers may come from; *.example.org covers every name below.") { Sets = ["Provider:Artwork:AllowedHosts"] };

    public static readonly EnvKey<IReadOnlyList<string>> ArtworkAllowPrivate = new("ARTWORK_ALLOW_PRIVATE", EnvForms.Words, [], "host:port of stand-ins on private addresses; refused in the prod profile.") { Sets = ["Provider:Artwork:AllowPrivate"] };

    public static IReadOnlyList<EnvKey> All { get; } =
    [
        Enabled, MaxConcurrency, ExternalTimeout, ExternalRetries,
        SpotifyClientId, SpotifyClientSecret, SpotifyRefreshToken, SpotifyApi, SpotifyAccounts, SpotifyTimeout, SpotifyRetries,
        Slskd, SlskdHost, SlskdPort, SlskdApiKey, SlskdTimeout, SlskdRetries, SlskdSearchTimeout, SlskdSearchBudget, SlskdFormats,
        Lrclib, LyricsOvh, EnableArtwork, EnableLyrics, ArtworkTimeout, ArtworkMaxBytes, ArtworkHosts, ArtworkAllowPrivate,
    ];
}
