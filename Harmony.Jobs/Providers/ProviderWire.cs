namespace Harmony.Jobs.Providers;

/// <summary>
/// Sends one request and reads one whole answer, within a time and a size. What the status means is the caller's business;
/// what went wrong on the way is a <see cref="ProviderException"/>. Never sleeps: waiting belongs to the job.
/// </summary>
internal sealed class ProviderWire(string provider, HttpClient http, TimeSpan timeout, int maxBytes)
{
    /// <summary>One quick second try when the connection broke before an answer came; only for requests that may be sent twice.</summary>
    public async Task<ProviderReply> SendTwiceAsync(Func<HttpRequestMessage> request, string what, CancellationToken cancellation)
    {
        try
        {
            return await SendAsync(request, what, cancellation);
        }
        catch (ProviderException broken) when (broken.Code is "unreachable" or "truncated")
        {
            return await SendAsync(request, what, cancellation);
        }
    }

    public async Task<ProviderReply> SendAsync(Func<HttpRequestMessage> request, string what, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            using var message = request();
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = await ReadCappedAsync(response.Content, what, limit.Token);
            return new ProviderReply(
                provider,
                what,
                response.StatusCode,
                response.Content.Headers.ContentType?.MediaType,
                response.Headers.TryGetValues("Retry-After", out var after) ? after.FirstOrDefault() : null,
                response.Headers.Location,
                body);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new ProviderException(provider, "timeout", $"{provider} did not answer {what} within {timeout.TotalSeconds:0.#} s", late);
        }
        catch (HttpRequestException cut) when (cut.HttpRequestError == HttpRequestError.ResponseEnded)
        {
            throw new ProviderException(provider, "truncated", $"{provider} broke off its answer to {what}", cut);
        }
        catch (HttpRequestException refused)
        {
            throw new ProviderException(provider, "unreachable", $"{provider} could not be reached for {what}: {refused.Message}", refused);
        }
        catch (IOException cut)
        {
            throw new ProviderException(provider, "truncated", $"{provider} broke off its answer to {what}", cut);
        }
    }

    private async Task<byte[]> ReadCappedAsync(HttpContent content, string what, CancellationToken cancellation)
    {
        var announced = content.Headers.ContentLength;
        if (announced > maxBytes)
        {
            throw TooLarge(what);
        }

        await using var stream = await content.ReadAsStreamAsync(cancellation);
        using var whole = new MemoryStream(announced is { } length ? (int)length : 16 * 1024);
        var piece = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(piece, cancellation)) > 0)
        {
            if (whole.Length + read > maxBytes)
            {
                throw TooLarge(what);
            }

            whole.Write(piece, 0, read);
        }

        return whole.ToArray();
    }

    private ProviderException TooLarge(string what) =>
        new(provider, "reply_too_large", $"{provider} answered {what} with more than {maxBytes} bytes");
}
