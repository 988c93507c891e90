using System.Net;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Slskd;

/// <summary>Maps slskd's refusals to the consequence for a job: the same text has different statuses on different routes, so both are read.</summary>
internal static class SlskdRefusal
{
    public const string KeyRefused = "slskd_unauthorized";

    private static readonly TimeSpan LoggedOut = TimeSpan.FromSeconds(30);

    // slskd accepts one search and two enqueues at a time: a slot is free again a moment later.
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(2);

    public static ProviderReply Checked(ProviderReply reply) => reply.IsSuccess ? reply : throw Of(reply);

    public static bool IsUserOffline(ProviderReply reply) =>
        (reply.Status == HttpStatusCode.NotFound && reply.Body.Length > 0)
        || (reply.Status == HttpStatusCode.InternalServerError
            && (Says(reply, "appears to be offline") || Says(reply, "Failed to connect to user")));

    public static Exception Of(ProviderReply reply) => reply.Status switch
    {
        HttpStatusCode.Unauthorized => new PermanentJobException(KeyRefused, "slskd refused the API key: check SLSKD_API_KEY"),
        HttpStatusCode.Forbidden => new PermanentJobException("slskd_forbidden", $"slskd knows the API key but does not allow {reply.What}: check the key's role and the features switched on in slskd"),
        HttpStatusCode.TooManyRequests => Blocked(Busy, reply),
        HttpStatusCode.Conflict or HttpStatusCode.InternalServerError or HttpStatusCode.ServiceUnavailable
            when Says(reply, "connected and logged in") => Blocked(LoggedOut, reply),
        HttpStatusCode.BadRequest => new PermanentJobException("slskd_bad_request", $"slskd did not accept {reply.What}: {reply.Sentence}"),
        HttpStatusCode.NotFound => new PermanentJobException("not_found", $"slskd does not know the route for {reply.What}: check SLSKD_BASE_URL; batches of downloads need slskd 0.26 or later"),
        _ => reply.Unexpected(),
    };

    private static ProviderBlockedException Blocked(TimeSpan wait, ProviderReply reply) =>
        new(SlskdOptions.Provider, wait, reply.Sentence);

    private static bool Says(ProviderReply reply, string words) =>
        reply.Sentence.Contains(words, StringComparison.OrdinalIgnoreCase);
}
