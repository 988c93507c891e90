namespace Harmony.Api.Http;

/// <summary>The two parts of the host: pages for people, an API for programs. They answer refusals differently.</summary>
internal static class RequestKind
{
    public static bool IsPage(PathString path) => path.StartsWithSegments("/ui", StringComparison.OrdinalIgnoreCase) || IsHangfireDashboard(path);

    /// <summary>Hangfire's own dashboard checks its forms itself.</summary>
    public static bool IsHangfireDashboard(PathString path) => path.StartsWithSegments("/hangfire", StringComparison.OrdinalIgnoreCase);

    public static bool IsUnsafe(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method) && !HttpMethods.IsTrace(method);
}
