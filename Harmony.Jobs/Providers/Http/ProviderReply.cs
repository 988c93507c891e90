using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Harmony.Jobs.Providers.Http;

/// <summary>A whole answer, read within its size limit; the body is bytes until the caller chooses a format.</summary>
internal sealed record ProviderReply(
    string Provider,
    string What,
    HttpStatusCode Status,
    string? MediaType,
    string? RetryAfter,
    Uri? Location,
    byte[] Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>A short part of the body for error messages: bare JSON strings and plain text are sentences for people.</summary>
    public string Sentence
    {
        get
        {
            var text = Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 400))).Trim();
            return text.Length == 0 || text[0] == '<' ? $"status {(int)Status}" : Printable(text.Trim('"'));
        }
    }

    public T ReadJson<T>(JsonTypeInfo<T> type)
        where T : class
    {
        // A body declared as text may still be JSON; a page of HTML never is.
        if (!IsCalledJson && !LooksLikeJson)
            throw Bad($"{MediaType ?? "no content type"} instead of JSON");

        try
        {
            return JsonSerializer.Deserialize(Body, type)
                ?? throw Bad("JSON null");
        }
        catch (JsonException broken)
        {
            throw Bad("broken JSON", broken);
        }
    }

    public ProviderException Unexpected() =>
        (int)Status >= 500
            ? new ProviderException(Provider, "server_error", $"{Provider} answered {What} with {(int)Status}: {Sentence}")
            : new ProviderException(Provider, "unexpected_status", $"{Provider} answered {What} with {(int)Status}: {Sentence}");

    private bool IsCalledJson => MediaType is not null && MediaType.Contains("json", StringComparison.OrdinalIgnoreCase);

    private bool LooksLikeJson => Body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    // The channel has already recorded this call as successful.
    private ProviderException Bad(string with, Exception? inner = null)
    {
        ProviderMetrics.BadReply(Provider);
        return new ProviderException(Provider, "bad_reply", $"{Provider} answered {What} with {with}", inner);
    }

    private static string Printable(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
