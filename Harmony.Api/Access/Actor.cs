using System.Security.Claims;

namespace Harmony.Api.Access;

/// <summary>The actor as the audit shows it: <c>key:name</c>, <c>user:name</c>, or <c>local</c> where no key is needed.</summary>
internal static class Actor
{
    public const string Local = "local";

    public static string Of(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "anonymous";
}
