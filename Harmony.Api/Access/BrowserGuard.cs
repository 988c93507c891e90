using System.Net;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Http;

namespace Harmony.Api.Access;

/// <summary>Refuses requests that a page of another origin, or a renamed host, sends through a visitor's browser; runs before authentication.</summary>
internal sealed class BrowserGuard(RequestDelegate next, Settings settings, AccessMode mode, OtherOrigins others, ErrorWriter errors)
{
    private static readonly string[] Forwarded = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"];
    private readonly HashSet<string> _hosts = Hosts(settings);
    private readonly bool _checkHost = mode.Open || settings.Has(AccessKeys.AllowedHosts);

    public Task InvokeAsync(HttpContext context) =>
        Objection(context) is { } error ? errors.WriteAsync(context, error) : next(context);

    private ApiError? Objection(HttpContext context)
    {
        var request = context.Request;
        if (_checkHost && !_hosts.Contains(request.Host.Host.Trim('[', ']')))
            return ApiError.ForeignHost;
        if (mode.Open && Forwarded.Any(request.Headers.ContainsKey))
            return ApiError.ForwardedInOpenMode;
        if (IsForeign(request) && !others.Allows(request))
            return ApiError.ForeignOrigin;
        if (mode.Open && RequestKind.IsUnsafe(request.Method) && HasBody(request) && !IsJsonOrForm(request))
            return ApiError.MediaType;
        return null;
    }

    private static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var isUnsafe = RequestKind.IsUnsafe(request.Method);

        // A link from another site to a page is harmless and common.
        if (!isUnsafe && HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate")
            return false;
        if (site.Length > 0 && site is not ("same-origin" or "none"))
            return isUnsafe || site == "cross-site";
        return origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private static bool HasBody(HttpRequest request) => request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    private static bool IsJsonOrForm(HttpRequest request) => request.HasJsonContentType() || request.HasFormContentType;

    private static HashSet<string> Hosts(Settings settings)
    {
        var hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "::1" };
        var bound = settings.Get(HostKeys.Host).Trim('[', ']');
        if (!IPAddress.TryParse(bound, out var address) || !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any))
            hosts.Add(bound);
        hosts.UnionWith(settings.Get(AccessKeys.AllowedHosts));
        return hosts;
    }
}
