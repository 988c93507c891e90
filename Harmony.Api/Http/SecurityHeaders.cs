using Harmony.Api.Access;

namespace Harmony.Api.Http;

/// <summary>What browsers are told not to do with our answers.</summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    private const string Ours = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    // The genuine dashboard styles its charts inline.
    private const string Genuine = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Surface.IsGenuineDashboard(context.Request.Path) ? Genuine : Ours;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next(context);
    }
}
