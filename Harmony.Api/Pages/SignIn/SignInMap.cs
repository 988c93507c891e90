using System.Globalization;
using Harmony.Api.Access;
using Harmony.Api.Pages.Assets;
using Harmony.Api.Pages.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Pages.SignIn;

/// <summary>Signing in and out: a page with one form, and a button on every other page.</summary>
internal static class SignInMap
{
    private const string SignedOut = "out";

    public static void Map(WebApplication app, RouteGroupBuilder signedIn)
    {
        var anyone = app.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        anyone.MapMethods(SignInAddress.Path, [HttpMethods.Get, HttpMethods.Head], Show);
        anyone.MapPost(SignInAddress.Path, TryAsync);
        signedIn.MapPost(SignInAddress.Out, LeaveAsync);
    }

    private static IResult Show(HttpContext context, AccessMode mode, PageAssets assets)
    {
        var back = SignInAddress.LocalPath(context.Request.Query[SignInAddress.Return]);
        if (mode.Open || CallerClaims.IsSignedIn(context.User))
            return SeeOther(context, back);

        var note = context.Request.Query.ContainsKey(SignedOut) ? "You are signed out." : null;
        var again = context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
        return Page(new(back, "", null, note, assets.Version, again), StatusCodes.Status200OK);
    }

    private static async Task<IResult> TryAsync(HttpContext context, CredentialVerifier verifier, Sessions sessions, AccessMode mode, PageAssets assets, CancellationToken cancellationToken)
    {
        var name = (await PostedForm.TextAsync(context, "name", cancellationToken))?.Trim() ?? "";
        var secret = await PostedForm.TextAsync(context, "secret", cancellationToken) ?? "";
        var back = SignInAddress.LocalPath(await PostedForm.TextAsync(context, SignInAddress.Return, cancellationToken));
        if (mode.Open)
            return SeeOther(context, back);

        switch (await verifier.TryAsync(context, Credential.Of(name, secret)))
        {
            case Verification.Accepted(var account):
                await sessions.OpenAsync(context, account);
                return SeeOther(context, back);
            case Verification.Wait(var wait):
                var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                return Page(new(back, Shown(name), $"Too many wrong tries from your address. Wait {Words.Count(seconds, "second", "seconds")}, then try again.", null, assets.Version, false), StatusCodes.Status429TooManyRequests);
            default:
                context.Response.Headers.WWWAuthenticate = "ApiKey realm=\"harmony\"";
                return Page(new(back, Shown(name), "That name and password, or that API key, is not right.", null, assets.Version, false), StatusCodes.Status401Unauthorized);
        }
    }

    private static async Task<IResult> LeaveAsync(HttpContext context, Sessions sessions)
    {
        await sessions.CloseAsync(context);
        return SeeOther(context, $"{SignInAddress.Path}?{SignedOut}");
    }

    private static string Shown(string name) => name.Length <= 64 ? name : "";

    private static RazorComponentResult<SignInPage> Page(SignInModel model, int status) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal) { ["Model"] = model }) { StatusCode = status };

    private static StatusCodeHttpResult SeeOther(HttpContext context, string place)
    {
        context.Response.Headers.Location = place;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
