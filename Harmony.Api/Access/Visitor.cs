namespace Harmony.Api.Access;

/// <summary>Whether a person looks at the answer: then a page is led to the sign-in page, and no browser is made to ask for a password.</summary>
internal static class Visitor
{
    /// <summary>A browser on its way to a page. Without TLS it does not say Sec-Fetch-Mode, but that it would take TLS.</summary>
    public static bool IsBrowsing(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && (request.Headers["Sec-Fetch-Mode"] == "navigate" || request.Headers.UpgradeInsecureRequests == "1");

    /// <summary>A script or picture of a page whose session is over must not make the browser's own prompt appear.</summary>
    public static bool MayBePrompted(HttpRequest request) =>
        !request.Headers.ContainsKey("Sec-Fetch-Mode") && !request.Cookies.ContainsKey(Sessions.Scheme)
        && request.Headers.Accept != "text/event-stream" && !request.Headers.Accept.ToString().StartsWith("image/", StringComparison.OrdinalIgnoreCase);
}
