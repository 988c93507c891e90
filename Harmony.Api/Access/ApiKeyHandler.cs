using System.Text.Encodings.Web;
using Harmony.Api.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Harmony.Api.Access;

/// <summary>The services of <see cref="ApiKeyHandler"/>.</summary>
internal sealed record Gate(CredentialVerifier CredentialVerifier, AccessMode Mode, Sessions Sessions, Refusals Refusals, ErrorWriter Errors);

/// <summary>Authenticates callers by key or, on pages, by password; in open mode every caller is the local operator. Refuses all others.</summary>
internal sealed partial class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Gate gate)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "harmony.key";
    private const string Prompt = "Basic realm=\"harmony\", charset=\"UTF-8\"";
    private const string NoPrompt = "ApiKey realm=\"harmony\"";
    private Entry _entry = new Entry.Nobody();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (gate.Mode.Open)
            return Welcome(new("local", Role.Admin, IsUser: false), Actor.Local);

        _entry = await gate.CredentialVerifier.TryAsync(Context, Credential.Of(Request));
        return _entry is Entry.Welcome(var holder) ? Welcome(holder, holder.Actor) : AuthenticateResult.NoResult();
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Tell();
        await gate.Sessions.ForgetExpiredAsync(Context);
        var isPage = Surface.IsPage(Request.Path);
        if (_entry is Entry.Wait(var wait))
        {
            await gate.Errors.WriteAsync(Context, ApiError.TooManyTries(wait));
        }
        else if (isPage && Visitor.IsBrowsing(Request))
        {
            Response.StatusCode = StatusCodes.Status303SeeOther;
            Response.Headers.Location = SignInAddress.For(Request);
            Response.Headers.CacheControl = "no-store";
        }
        else if (_entry is Entry.Wrong && !isPage)
        {
            await gate.Errors.WriteAsync(Context, ApiError.InvalidKey);
        }
        else
        {
            Response.Headers.WWWAuthenticate = isPage && Visitor.MayBePrompted(Request) ? Prompt : NoPrompt;
            await gate.Errors.WriteAsync(Context, ApiError.KeyRequired);
        }
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Forbidden(Logger, Actor.Of(Context), Request.Method, Request.Path);
        await gate.Refusals.NoteAsync(Context);
        await gate.Errors.WriteAsync(Context, ApiError.RoleTooLow);
    }

    private static AuthenticateResult Welcome(Holder holder, string actor) =>
        AuthenticateResult.Success(new(new(Callers.Identity(holder, actor, SchemeName)), SchemeName));

    private void Tell()
    {
        if (gate.Mode.Misconfigured)
            Misconfigured(Logger);
        else if (_entry is Entry.Nobody)
            Missing(Logger, Request.Path);
        else
            Invalid(Logger, Request.Path);
    }

    [LoggerMessage(EventName = "auth.missing", Level = LogLevel.Information, Message = "Request without a usable key for {Path}")]
    private static partial void Missing(ILogger logger, string path);

    [LoggerMessage(EventName = "auth.invalid", Level = LogLevel.Warning, Message = "Request with an unknown key for {Path}")]
    private static partial void Invalid(ILogger logger, string path);

    [LoggerMessage(EventName = "auth.misconfigured", Level = LogLevel.Warning, Message = "A key is required but none is configured: set HARMONY_API_KEYS")]
    private static partial void Misconfigured(ILogger logger);

    [LoggerMessage(EventName = "auth.forbidden", Level = LogLevel.Warning, Message = "{Actor} lacks the role for {Method} {Path}")]
    private static partial void Forbidden(ILogger logger, string actor, string method, string path);
}
