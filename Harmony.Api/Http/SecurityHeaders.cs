namespace Harmony.Api.Http;

/// <summary>The headers that restrict what browsers do with our answers.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string Ours = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    // Hangfire's dashboard styles its charts inline.
    private const string Hangfire = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>The page of the API's description styles itself inline, and only its own scripts carry the nonce.</summary>
    public static string PolicyOfDocs(string nonce) =>
        Ours.Replace("script-src 'self'", $"script-src 'nonce-{nonce}'", StringComparison.Ordinal).Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal);

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = RequestKind.IsHangfireDashboard(context.Request.Path) ? Hangfire : Ours;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: a browser would then send "Origin: null" with our own forms, and the guard would refuse them.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        return next(context);
    }
}
