using System.Security.Claims;

namespace Harmony.Api.Access;

/// <summary>The authenticated caller, as the rest of the request sees it.</summary>
internal static class Callers
{
    public static ClaimsIdentity Identity(Holder holder, string actor, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new(ClaimTypes.NameIdentifier, actor));
        identity.AddClaim(new(ClaimTypes.Name, holder.Name));
        foreach (var role in Roles.Granted(holder.Role))
            identity.AddClaim(new(ClaimTypes.Role, role));
        return identity;
    }

    public static string RoleOf(ClaimsPrincipal user) =>
        user.IsInRole(Roles.Admin) ? Roles.Admin : user.IsInRole(Roles.Operator) ? Roles.Operator : Roles.Viewer;

    /// <summary>Whether the caller was authenticated by the cookie of the sign-in page.</summary>
    public static bool AreSignedIn(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true, AuthenticationType: Sessions.Scheme };
}
