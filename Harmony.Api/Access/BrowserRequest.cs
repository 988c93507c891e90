namespace Harmony.Api.Access;

/// <summary>Whether a person reads the answer: then a page redirects to the sign-in page, and the browser does not prompt for a password.</summary>
internal static class BrowserRequest
{
    /// <summary>A browser that navigates to a page. Without TLS it sends no Sec-Fetch-Mode, but Upgrade-Insecure-Requests.</summary>
    public static bool IsNavigation(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && (request.Headers["Sec-Fetch-Mode"] == "navigate" || request.Headers.UpgradeInsecureRequests == "1");

    /// <summary>A script or picture of a page whose session has ended must not open the password prompt of the browser.</summary>
    public static bool MayBePrompted(HttpRequest request) =>
        !request.Headers.ContainsKey("Sec-Fetch-Mode") && !request.Cookies.ContainsKey(Sessions.Scheme)
        && request.Headers.Accept != "text/event-stream" && !request.Headers.Accept.ToString().StartsWith("image/", StringComparison.OrdinalIgnoreCase);
}
