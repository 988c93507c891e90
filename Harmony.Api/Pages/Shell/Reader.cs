using System.Security.Claims;

namespace Harmony.Api.Pages.Shell;

/// <summary>Who acts, as the audit names them.</summary>
public static class Reader
{
    public static string Of(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? context.User.Identity?.Name ?? "anonymous";
}
