using System.Security.Claims;
using System.Text.Encodings.Web;
using Harmony.Api.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Harmony.Api.Access;

/// <summary>Lets callers in by key or, on pages, by password; in open mode everybody is the local operator.</summary>
public sealed partial class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyRing keys, AccessMode mode, ErrorWriter errors)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "harmony";
    private const string Prompt = "Basic realm=\"harmony\", charset=\"UTF-8\"";
    private bool _wrongKey;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (mode.Open)
            return Task.FromResult(Welcome(new("local", Role.Admin, IsUser: false), Actor.Local));

        var holder = Credential.Of(Request) switch
        {
            Credential.Key key => keys.Find(key.Text) ?? Wrong(),
            Credential.Login login => keys.FindUser(login.Name, login.Password) ?? keys.Find(login.Password),
            _ => null,
        };
        return Task.FromResult(holder is null ? AuthenticateResult.NoResult() : Welcome(holder, holder.Actor));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (mode.Misconfigured)
            Misconfigured(Logger);
        else if (_wrongKey)
            Invalid(Logger, Request.Path);
        else
            Missing(Logger, Request.Path);

        if (_wrongKey && !mode.Misconfigured && !Surface.IsPage(Request.Path))
            return errors.WriteAsync(Context, ApiError.InvalidKey);

        Response.Headers.WWWAuthenticate = Surface.IsPage(Request.Path) ? Prompt : "ApiKey realm=\"harmony\"";
        return errors.WriteAsync(Context, ApiError.KeyRequired);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Forbidden(Logger, Actor.Of(Context), Request.Method, Request.Path);
        return errors.WriteAsync(Context, ApiError.RoleTooLow);
    }

    private Holder? Wrong()
    {
        _wrongKey = true;
        return null;
    }

    private static AuthenticateResult Welcome(Holder holder, string actor)
    {
        var identity = new ClaimsIdentity(SchemeName, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new(ClaimTypes.NameIdentifier, actor));
        identity.AddClaim(new(ClaimTypes.Name, holder.Name));
        foreach (var role in Roles.Granted(holder.Role))
            identity.AddClaim(new(ClaimTypes.Role, role));
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), SchemeName));
    }

    [LoggerMessage(EventName = "auth.missing", Level = LogLevel.Information, Message = "No usable key for {Path}")]
    private static partial void Missing(ILogger logger, string path);

    [LoggerMessage(EventName = "auth.invalid", Level = LogLevel.Warning, Message = "Unknown key for {Path}")]
    private static partial void Invalid(ILogger logger, string path);

    [LoggerMessage(EventName = "auth.misconfigured", Level = LogLevel.Warning, Message = "A key is required but none is configured: set HARMONY_API_KEYS")]
    private static partial void Misconfigured(ILogger logger);

    [LoggerMessage(EventName = "auth.forbidden", Level = LogLevel.Warning, Message = "{Actor} may not {Method} {Path}")]
    private static partial void Forbidden(ILogger logger, string actor, string method, string path);
}
