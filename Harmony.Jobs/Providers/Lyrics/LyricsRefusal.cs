using System.Net;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Lyrics;

/// <summary>Maps a refusal of a lyrics source: it never means "there are no lyrics".</summary>
internal static class LyricsRefusal
{
    private static readonly TimeSpan Unsaid = TimeSpan.FromSeconds(60);

    public static Exception Of(ProviderReply reply, TimeProvider time) =>
        reply.Status == HttpStatusCode.TooManyRequests
            ? new ProviderBlockedException(
                reply.Provider,
                RetryAfter.Parse(reply.RetryAfter, Unsaid, time.GetUtcNow()),
                $"too many requests: {reply.Sentence}")
            : reply.Unexpected();
}
