using Harmony.Api.Http;

namespace Harmony.Api.Access;

/// <summary>The address of the sign-in page and of the page after it: our own pages only.</summary>
internal static class SignInAddress
{
    public const string Path = "/ui/sign-in";
    public const string Out = "/ui/sign-out";
    public const string Return = "return";
    private const string Home = "/ui";

    /// <summary>With the address of the requested page, if that was a page to read.</summary>
    public static string For(HttpRequest request)
    {
        var asked = RequestKind.IsUnsafe(request.Method) ? Home : LocalPath($"{request.PathBase}{request.Path}{request.QueryString}");
        return asked == Home ? Path : $"{Path}?{Return}={Uri.EscapeDataString(asked)}";
    }

    /// <summary>The path, if it is one of our pages; a form must not send a reader to another site.</summary>
    public static string LocalPath(string? path) =>
        path is { Length: < 2000 } && (IsBelow(path, Home) || IsBelow(path, "/hangfire")) && !IsBelow(path, Path) && !path.AsSpan().ContainsAnyExceptInRange('!', '~') ? path : Home;

    private static bool IsBelow(string path, string root) =>
        path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] is '/' or '?');
}
