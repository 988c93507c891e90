using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Harmony.Api.Http;

/// <summary>Refuses a body in an unsupported character set; the framework would fail on it with an ordinary exception.</summary>
internal sealed class BodyCharset(RequestDelegate next, ErrorWriter errors)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true
            || !MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.Charset.HasValue)
        {
            return next(context);
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset).ToString();
        if (!IsKnown(charset))
            return errors.WriteAsync(context, ApiError.Charset(charset));
        // The framework takes the quotes as a part of the name.
        type.Charset = charset;
        context.Request.ContentType = type.ToString();
        return next(context);
    }

    private static bool IsKnown(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset) is not null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
