using System.Security.Claims;

namespace Harmony.Api.Access;

/// <summary>Who did it, as the audit shows it: <c>key:name</c>, <c>user:name</c>, or <c>local</c> where nobody needs a key.</summary>
internal static class Actor
{
    public const string Local = "local";

    public static string Of(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "anonymous";
}
