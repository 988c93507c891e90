using Harmony.Api.Pages.Overview;

namespace Harmony.Api.Pages;

/// <summary>Every page there is: adding one is its component and a line here.</summary>
public sealed class PageCatalogue
{
    public IReadOnlyList<PageRoute> All { get; } =
    [
        PageRoute.Of<OverviewPage, OverviewModel>(),
    ];

    /// <summary>The page at a local address such as <c>/ui/jobs?state=Failed</c>.</summary>
    public PageAddress? Find(string pathAndQuery)
    {
        var cut = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = cut < 0 ? (pathAndQuery, "") : (pathAndQuery[..cut], pathAndQuery[cut..]);
        return path.StartsWith("/ui", StringComparison.Ordinal)
            ? All.Select(route => route.Match(path, query)).FirstOrDefault(address => address is not null)
            : null;
    }
}
