using Microsoft.Extensions.Logging;

namespace Harmony.Jobs.Providers.Http;

/// <summary>
/// Sends one request and reads one whole answer, with limits on time and size. The caller interprets the status; a transport
/// error is a <see cref="ProviderException"/>. Never sleeps: waiting belongs to the job.
/// </summary>
internal sealed class ProviderClient(ProviderChannel channel, HttpClient http, CallLimits limits, LogLevel level)
{
    /// <summary>With an immediate second try when the connection broke before an answer; only for requests that may be sent twice.</summary>
    public async Task<ProviderReply> SendTwiceAsync(Func<HttpRequestMessage> request, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(request, what, cancellationToken);
        }
        catch (ProviderException broken) when (limits.Tries > 1 && broken.Code is "unreachable" or "truncated")
        {
            return await TryAsync(request, what, 2, cancellationToken);
        }
    }

    public Task<ProviderReply> SendAsync(Func<HttpRequestMessage> request, string what, CancellationToken cancellationToken) =>
        TryAsync(request, what, 1, cancellationToken);

    private Task<ProviderReply> TryAsync(Func<HttpRequestMessage> request, string what, int attempt, CancellationToken cancellationToken) =>
        channel.PassAsync(() => ExchangeAsync(request, what, cancellationToken), what, attempt, level, cancellationToken);

    private async Task<ProviderReply> ExchangeAsync(Func<HttpRequestMessage> request, string what, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(limits.Timeout);
        try
        {
            using var message = request();
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = await ReadCappedAsync(response.Content, what, limit.Token);
            return new ProviderReply(
                channel.Provider,
                what,
                response.StatusCode,
                response.Content.Headers.ContentType?.MediaType,
                response.Headers.TryGetValues("Retry-After", out var after) ? after.FirstOrDefault() : null,
                response.Headers.Location,
                body);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProviderException(channel.Provider, "timeout", $"{channel.Provider} did not answer {what} within {limits.Timeout.TotalSeconds:0.#} s", late);
        }
        catch (HttpRequestException cut) when (cut.HttpRequestError == HttpRequestError.ResponseEnded)
        {
            throw new ProviderException(channel.Provider, "truncated", $"{channel.Provider} broke off its answer to {what}", cut);
        }
        catch (HttpRequestException refused)
        {
            throw new ProviderException(channel.Provider, "unreachable", $"{channel.Provider} could not be reached for {what}: {refused.Message}", refused);
        }
        catch (IOException cut)
        {
            throw new ProviderException(channel.Provider, "truncated", $"{channel.Provider} broke off its answer to {what}", cut);
        }
    }

    private async Task<byte[]> ReadCappedAsync(HttpContent content, string what, CancellationToken cancellationToken)
    {
        var announced = content.Headers.ContentLength;
        if (announced > limits.MaxBytes)
            throw TooLarge(what);

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        if (announced is { } length)
        {
            var exactly = new byte[length];
            await stream.ReadExactlyAsync(exactly, cancellationToken);
            return exactly;
        }

        using var whole = new MemoryStream(16 * 1024);
        var piece = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (whole.Length + read > limits.MaxBytes)
                throw TooLarge(what);

            whole.Write(piece, 0, read);
        }

        return whole.ToArray();
    }

    private ProviderException TooLarge(string what) =>
        new(channel.Provider, "reply_too_large", $"{channel.Provider} answered {what} with more than {limits.MaxBytes} bytes");
}
