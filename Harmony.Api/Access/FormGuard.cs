using Harmony.Api.Http;
using Microsoft.AspNetCore.Antiforgery;

namespace Harmony.Api.Access;

/// <summary>Every form that changes something carries our token, whichever endpoint it goes to, and so does whatever a session sends (header RequestVerificationToken); programs that show a key in a header need none.</summary>
internal sealed class FormGuard(RequestDelegate next, IAntiforgery antiforgery, AccessMode mode, ErrorWriter errors)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var needsToken = Surface.IsUnsafe(request.Method)
            && !Surface.IsHangfireDashboard(request.Path)
            && (request.HasFormContentType || Surface.IsPage(request.Path) || Callers.AreSignedIn(context.User))
            && !ShowsKeyInHeader(request);
        if (needsToken && !await antiforgery.IsRequestValidAsync(context))
            await errors.WriteAsync(context, ApiError.FormToken);
        else
            await next(context);
    }

    // A page elsewhere cannot make a browser send these headers without asking us first.
    private bool ShowsKeyInHeader(HttpRequest request) => !mode.Open && Credential.Of(request) is Credential.Key;
}
