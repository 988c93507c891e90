using Harmony.Api.Http;
using Microsoft.AspNetCore.Antiforgery;

namespace Harmony.Api.Access;

/// <summary>Every form that changes something carries our token, at every endpoint; so does every request of a session (header RequestVerificationToken). Programs that send a key in a header need no token.</summary>
internal sealed class FormGuard(RequestDelegate next, IAntiforgery antiforgery, AccessMode mode, ErrorWriter errors)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var needsToken = RequestKind.IsUnsafe(request.Method)
            && !RequestKind.IsHangfireDashboard(request.Path)
            && (request.HasFormContentType || RequestKind.IsPage(request.Path) || CallerClaims.IsSignedIn(context.User))
            && !ShowsKeyInHeader(request);
        if (needsToken && !await antiforgery.IsRequestValidAsync(context))
            await errors.WriteAsync(context, ApiError.FormToken);
        else
            await next(context);
    }

    // A page of another origin cannot make a browser send these headers without a preflight request.
    private bool ShowsKeyInHeader(HttpRequest request) => !mode.Open && Credential.Of(request) is Credential.Key;
}
