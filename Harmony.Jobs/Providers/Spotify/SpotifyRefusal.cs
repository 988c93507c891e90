using System.Net;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Spotify;

/// <summary>Maps a refusal of Spotify to the consequence for a job.</summary>
internal static class SpotifyRefusal
{
    // Blocks of a whole day were seen, and the header may be missing: half an hour is the shortest safe guess, and it doubles each further time.
    private static readonly TimeSpan Unsaid = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestUnsaid = TimeSpan.FromHours(4);

    // Repeated calls do not help; one call an hour detects a new sign-in.
    private static readonly TimeSpan UntilSignIn = TimeSpan.FromHours(1);

    public static void ThrowIfBlocked(ProviderReply reply, TimeProvider time)
    {
        if (reply.Status == HttpStatusCode.TooManyRequests)
        {
            var said = RetryAfter.Read(reply.RetryAfter, time.GetUtcNow());
            throw new ProviderBlockedException(SpotifyOptions.Provider, said ?? Unsaid, $"too many requests: {reply.Sentence}")
            {
                LongestGuess = said is null ? LongestUnsaid : null,
            };
        }
    }

    /// <summary>An expired sign-in does not end jobs: they wait until a user has signed in again. Null for any other error.</summary>
    public static ProviderBlockedException? LoginRequired(ProviderReply reply) =>
        IsRefused(reply) && reply.Sentence.Contains("invalid_grant", StringComparison.Ordinal)
            ? new ProviderBlockedException(
                SpotifyOptions.Provider, UntilSignIn, $"{SpotifyLogin.Required}: Spotify does not accept SPOTIFY_REFRESH_TOKEN any more; give the one of a new sign-in and restart")
            : null;

    public static void ThrowIfNoToken(ProviderReply reply)
    {
        if (IsRefused(reply))
            throw new PermanentJobException("spotify_credentials", $"Spotify refused the credentials: check SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET ({reply.Sentence})");
    }

    private static bool IsRefused(ProviderReply reply) => reply.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    public static Exception Of(ProviderReply reply) => reply.Status switch
    {
        HttpStatusCode.Unauthorized => new PermanentJobException("spotify_unauthorized", $"Spotify refused a new token for {reply.What}: {reply.Sentence}"),
        HttpStatusCode.Forbidden => new PermanentJobException("spotify_forbidden", $"Spotify refuses {reply.What} to this app: {reply.Sentence}"),
        HttpStatusCode.BadRequest => new PermanentJobException("spotify_bad_request", $"Spotify did not understand {reply.What}: {reply.Sentence}"),
        _ => reply.Unexpected(),
    };
}
