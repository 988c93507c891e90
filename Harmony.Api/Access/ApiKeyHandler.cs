using System.Text.Encodings.Web;
using Harmony.Api.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Harmony.Api.Access;

/// <summary>The services of <see cref="ApiKeyHandler"/>.</summary>
internal sealed record ApiKeyServices(CredentialVerifier CredentialVerifier, AccessMode Mode, Sessions Sessions, Refusals Refusals, ErrorWriter Errors);

/// <summary>Authenticates callers by key or, on pages, by password; in open mode every caller is the local operator. Refuses all others.</summary>
internal sealed partial class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeyServices services)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "harmony.key";
    private const string Prompt = "Basic realm=\"harmony\", charset=\"UTF-8\"";
    private const string NoPrompt = "ApiKey realm=\"harmony\"";
    private Verification _verification = new Verification.Missing();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (services.Mode.Open)
            return Authenticated(new("local", Role.Admin, IsUser: false), Actor.Local);

        _verification = await services.CredentialVerifier.TryAsync(Context, Credential.Of(Request));
        return _verification is Verification.Accepted(var account) ? Authenticated(account, account.Actor) : AuthenticateResult.NoResult();
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        LogRefusal();
        await services.Sessions.ForgetExpiredAsync(Context);
        var isPage = RequestKind.IsPage(Request.Path);
        if (_verification is Verification.Wait(var wait))
        {
            await services.Errors.WriteAsync(Context, ApiError.TooManyTries(wait));
        }
        else if (isPage && BrowserRequest.IsNavigation(Request))
        {
            Response.StatusCode = StatusCodes.Status303SeeOther;
            Response.Headers.Location = SignInAddress.For(Request);
            Response.Headers.CacheControl = "no-store";
        }
        else if (_verification is Verification.Rejected && !isPage)
        {
            await services.Errors.WriteAsync(Context, ApiError.InvalidKey);
        }
        else
        {
            Response.Headers.WWWAuthenticate = isPage && BrowserRequest.MayBePrompted(Request) ? Prompt : NoPrompt;
            await services.Errors.WriteAsync(Context, ApiError.KeyRequired);
        }
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Forbidden(Logger, Actor.Of(Context), Request.Method, Request.Path);
        await services.Refusals.NoteAsync(Context);
        await services.Errors.WriteAsync(Context, ApiError.RoleTooLow);
    }

    private static AuthenticateResult Authenticated(Account account, string actor) =>
        AuthenticateResult.Success(new(new(CallerClaims.Identity(account, actor, SchemeName)), SchemeName));

    private void LogRefusal()
    {
        if (services.Mode.Misconfigured)
            Misconfigured(Logger);
        else if (_verification is Verification.Missing)
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
