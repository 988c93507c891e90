using System.Net;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Artwork;

/// <summary>Fetches one image from a known host. Redirects are followed in code, so that each hop is checked like the first.</summary>
internal sealed class CoverFetcher(ProviderHttp http, ArtworkOptions options, ImageHostRule hosts, TimeProvider time)
{
    private const int MaxHops = 5;
    private static readonly TimeSpan Unsaid = TimeSpan.FromSeconds(60);

    public async Task<Cover> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        var reply = await FollowAsync(address, cancellationToken);
        var header = ImageHeader.Read(reply.Body)
            ?? throw new PermanentJobException("not_an_image", $"{address.Host} sent {reply.MediaType ?? "something"} that is no JPEG, PNG or WebP");
        return (long)header.Width * header.Height <= options.MaxMegapixels * 1_000_000L
            ? new Cover(reply.Body, header.MimeType, header.Width, header.Height)
            : throw new PermanentJobException("too_large", $"the image claims {header.Width} × {header.Height} pixels, more than {options.MaxMegapixels} megapixels");
    }

    private async Task<ProviderReply> FollowAsync(Uri address, CancellationToken cancellationToken)
    {
        var next = hosts.Checked(address);
        for (var hop = 0; hop <= MaxHops; hop++)
        {
            var reply = await AskAsync(next, cancellationToken);
            if (reply.IsSuccess)
                return reply;

            next = reply.Location is { } target && IsRedirect(reply.Status)
                ? hosts.Checked(new Uri(next, target))
                : throw Refusal(reply, next);
        }

        throw new PermanentJobException("too_many_redirects", $"{address.Host} redirects more than {MaxHops} times");
    }

    private async Task<ProviderReply> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        var client = http.To(ArtworkOptions.Provider, new CallLimits(options.Timeout, options.Retries, options.MaxBytes));
        try
        {
            return await client.SendTwiceAsync(() => new HttpRequestMessage(HttpMethod.Get, address), $"an image on {address.Host}", cancellationToken);
        }
        catch (ProviderException failed) when (failed.InnerException?.InnerException is PermanentJobException refused)
        {
            // The HTTP client wraps the refusal of the connect callback.
            throw new PermanentJobException(refused.ReasonCode, refused.Message, failed);
        }
        catch (ProviderException failed) when (failed.Code == "reply_too_large")
        {
            throw new PermanentJobException("too_large", $"the image on {address.Host} has more than {options.MaxBytes} bytes", failed);
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private Exception Refusal(ProviderReply reply, Uri address) => reply.Status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => new PermanentJobException("not_found", $"{address.Host} has no such image"),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new PermanentJobException("artwork_forbidden", $"{address.Host} does not give us this image: {reply.Sentence}"),
        HttpStatusCode.TooManyRequests => new ProviderBlockedException(
            ArtworkOptions.Provider,
            RetryAfter.Parse(reply.RetryAfter, Unsaid, time.GetUtcNow()),
            $"{address.Host} asks us to wait"),
        _ => reply.Unexpected(),
    };
}
