using System.Net;
using Harmony.Jobs.Providers.Http;

namespace Harmony.Jobs.Providers.Lyrics;

/// <summary>lyrics.ovh: plain lyrics only, scraped from other sites during the call.</summary>
public sealed class LyricsOvhSource(ProviderHttp http, LyricsOptions options, TimeProvider time) : ILyricsSource
{
    public const string Provider = "lyrics_ovh";

    private const int MaxBytes = 1024 * 1024;

    public string Name => Provider;

    public async Task<Lyrics?> FindAsync(LyricsQuery query, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(query.Artist) || string.IsNullOrWhiteSpace(query.Title))
            return null;

        var reply = await AskAsync(query, cancellationToken);
        // It does not distinguish "none of my sites has it" from "one of my sites failed", so its 5xx and 400 mean none.
        if (reply is null || reply.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or >= HttpStatusCode.InternalServerError)
            return null;

        var found = reply.IsSuccess ? reply.ReadJson(LyricsJson.Default.LyricsOvhWire) : throw LyricsRefusal.Of(reply, time);
        return LrcText.Clean(new Lyrics(null, found.Lyrics, Instrumental: false, Provider), query.Duration);
    }

    private async Task<ProviderReply?> AskAsync(LyricsQuery query, CancellationToken cancellationToken)
    {
        var client = http.To(Provider, new CallLimits(options.Timeout, options.Retries, MaxBytes));
        var address = $"{options.LyricsOvhBaseUrl.AbsoluteUri.TrimEnd('/')}/v1/{Uri.EscapeDataString(query.Artist)}/{Uri.EscapeDataString(query.Title)}";
        try
        {
            return await client.SendTwiceAsync(() => new HttpRequestMessage(HttpMethod.Get, address), "the lyrics", cancellationToken);
        }
        catch (ProviderException slow) when (slow.Code == "timeout")
        {
            return null;
        }
    }
}
