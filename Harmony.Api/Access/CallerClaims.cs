using System.Security.Claims;

namespace Harmony.Api.Access;

/// <summary>The authenticated caller, as the rest of the request sees it.</summary>
internal static class CallerClaims
{
    public static ClaimsIdentity Identity(Account account, string actor, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new(ClaimTypes.NameIdentifier, actor));
        identity.AddClaim(new(ClaimTypes.Name, account.Name));
        foreach (var role in Roles.Granted(account.Role))
            identity.AddClaim(new(ClaimTypes.Role, role));
        return identity;
    }

    public static string RoleOf(ClaimsPrincipal user) =>
        user.IsInRole(Roles.Admin) ? Roles.Admin : user.IsInRole(Roles.Operator) ? Roles.Operator : Roles.Viewer;

    /// <summary>Whether the caller was authenticated by the cookie of the sign-in page.</summary>
    public static bool IsSignedIn(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true, AuthenticationType: Sessions.Scheme };
}
