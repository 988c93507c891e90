using System.Net;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Spotify;

/// <summary>What a refusal of Spotify means for a job.</summary>
internal static class SpotifyRefusal
{
    // Blocks of a whole day were seen, and the header may be missing: half an hour is the shortest honest guess.
    private static readonly TimeSpan Unsaid = TimeSpan.FromMinutes(30);

    public static void ThrowIfBlocked(ProviderReply reply, TimeProvider time)
    {
        if (reply.Status == HttpStatusCode.TooManyRequests)
        {
            var wait = RetryAfter.Parse(reply.RetryAfter, Unsaid, time.GetUtcNow());
            throw new ProviderBlockedException(SpotifyOptions.Provider, wait, $"too many requests: {reply.Sentence}");
        }
    }

    public static Exception Of(ProviderReply reply) => reply.Status switch
    {
        HttpStatusCode.Unauthorized => new PermanentJobException("spotify_unauthorized", $"Spotify refused a new token for {reply.What}: {reply.Sentence}"),
        HttpStatusCode.Forbidden => new PermanentJobException("spotify_forbidden", $"Spotify refuses {reply.What} to this app: {reply.Sentence}"),
        HttpStatusCode.BadRequest => new PermanentJobException("spotify_bad_request", $"Spotify did not understand {reply.What}: {reply.Sentence}"),
        _ => reply.Unexpected(),
    };
}
