using System.Globalization;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Primitives;

namespace Harmony.Api.Http.Caching;

/// <summary>Writes a cached or new answer to one caller: whole, or as 304 where the caller has it.</summary>
internal sealed class AnswerWriter(IResponseCompressionProvider compression)
{
    /// <param name="age">Null when the answer was made for this call.</param>
    public async Task WriteAsync(HttpContext context, CachedAnswer answer, StringValues ifNoneMatch, TimeSpan? age)
    {
        var (response, headers) = (context.Response, context.Response.Headers);
        foreach (var (name, value) in answer.Headers)
            headers[name] = value;
        headers.Vary = Merged(headers.Vary, CachedAnswer.Vary);
        if (StringValues.IsNullOrEmpty(headers.CacheControl))
            headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"private, max-age={answer.Seconds}, stale-while-revalidate={(int)answer.Times.Stale.TotalSeconds}");
        if (age is { } old)
            headers.Age = ((long)old.TotalSeconds).ToString(CultureInfo.InvariantCulture);

        response.StatusCode = StatusCodes.Status200OK;
        var compressed = WillBeCompressed(context);
        headers.ETag = compressed ? EntityTag.Weak(answer.Tag) : answer.Tag;
        if (EntityTag.IsKnown(ifNoneMatch, answer.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.ContentType = null;
            response.ContentLength = null;
            return;
        }

        response.ContentLength = compressed ? null : answer.Body.Length;
        await response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    // HEAD and 304 carry the tag of GET's body, so this is checked before there is a body.
    private bool WillBeCompressed(HttpContext context) =>
        compression.CheckRequestAcceptsCompression(context)
        && compression.ShouldCompressResponse(context)
        && compression.GetCompressionProvider(context) is not null;

    private static string Merged(StringValues there, string ours) =>
        string.Join(
            ", ",
            there.Concat([ours]).SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.OrdinalIgnoreCase));
}
