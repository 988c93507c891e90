using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Harmony.Api.Access;

/// <summary>The sessions of browsers: a protected cookie, valid as long as the configuration of its key or user does not change.</summary>
internal sealed class Sessions(ApiKeyStore keys, IOptionsMonitor<CookieAuthenticationOptions> cookies) : CookieAuthenticationEvents
{
    public const string Scheme = "harmony.session";
    private const int MostEnded = 10_000;

    // Antiforgery binds its tokens to this claim, so the token of one session is invalid in another.
    private const string Id = "sub";
    private const string Stamp = "stamp";
    private const string Host = "host";
    private readonly LruDictionary<string, bool> _ended = new(MostEnded);
    private readonly Lock _gate = new();

    public async Task OpenAsync(HttpContext context, Account account)
    {
        var identity = CallerClaims.Identity(account, account.Actor, Scheme);
        identity.AddClaim(new(Id, Guid.CreateVersion7().ToString("N")));
        identity.AddClaim(new(Stamp, keys.StampOf(account.Actor) ?? ""));
        identity.AddClaim(new(Host, context.Request.Host.Host));
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity));
        AccessMetrics.SessionCreated(account.Role);
    }

    /// <summary>Ends the session for copies of the cookie, too, as long as this process lives.</summary>
    public async Task CloseAsync(HttpContext context)
    {
        if (CallerClaims.IsSignedIn(context.User))
            End(context.User, SessionEnd.SignedOut);
        await context.SignOutAsync(Scheme);
    }

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var user = context.Principal!;
        // A browser stores cookies by host: another host means a renamed host or a copied cookie.
        var elsewhere = user.FindFirstValue(Host) != context.Request.Host.Host;
        if (!elsewhere && Holds(user))
            return;

        context.RejectPrincipal();
        if (elsewhere)
            return;
        if (IsRevoked(user))
            End(user, SessionEnd.Revoked);
        await context.HttpContext.SignOutAsync(Scheme);
    }

    /// <summary>Whether the session is still valid; a long-running answer checks repeatedly.</summary>
    public bool Holds(ClaimsPrincipal user) => !IsRevoked(user) && !HasEnded(user);

    /// <summary>Removes an expired cookie; the framework only rejects it without a reason.</summary>
    public async Task ForgetExpiredAsync(HttpContext context)
    {
        var options = cookies.Get(Scheme);
        if (options.CookieManager.GetRequestCookie(context, options.Cookie.Name!) is not { Length: > 0 } cookie)
            return;

        if (options.TicketDataFormat.Unprotect(cookie) is { } ticket && ticket.Properties.ExpiresUtc <= options.TimeProvider!.GetUtcNow())
            End(ticket.Principal, SessionEnd.Expired);
        await context.SignOutAsync(Scheme);
    }

    private bool IsRevoked(ClaimsPrincipal user) =>
        keys.StampOf(user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "") is not { } stamp || user.FindFirstValue(Stamp) != stamp;

    private bool HasEnded(ClaimsPrincipal user)
    {
        lock (_gate)
            return _ended.TryGet(user.FindFirstValue(Id) ?? "", out _);
    }

    private void End(ClaimsPrincipal user, string reason)
    {
        lock (_gate)
        {
            var id = user.FindFirstValue(Id) ?? "";
            if (_ended.TryGet(id, out _))
                return;
            _ended.Set(id, true);
        }

        AccessMetrics.SessionTerminated(CallerClaims.RoleOf(user), reason);
    }
}
