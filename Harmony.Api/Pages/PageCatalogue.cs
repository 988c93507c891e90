using Harmony.Api.Pages.Artists;
using Harmony.Api.Pages.Audit;
using Harmony.Api.Pages.DeadLetters;
using Harmony.Api.Pages.Downloads;
using Harmony.Api.Pages.Jobs;
using Harmony.Api.Pages.Lanes;
using Harmony.Api.Pages.Overview;
using Harmony.Api.Pages.Schedules;
using Harmony.Api.Pages.Wanted;
using Harmony.Api.Pages.Watchlist;

namespace Harmony.Api.Pages;

/// <summary>All pages: a new page is its component and a line here.</summary>
internal sealed class PageCatalogue
{
    public IReadOnlyList<PageRoute> All { get; } =
    [
        PageRoute.Of<OverviewPage, OverviewModel>(),
        PageRoute.Of<ArtistsPage, ArtistsModel>(),
        PageRoute.Of<ArtistPage, ArtistModel>(),
        PageRoute.Of<WatchlistPage, WatchlistModel>(),
        PageRoute.Of<WantedPage, WantedModel>(),
        PageRoute.Of<DownloadsPage, DownloadsModel>(),
        PageRoute.Of<JobsPage, JobsModel>(),
        PageRoute.Of<ConfirmJobsPage, ConfirmJobsModel>(),
        PageRoute.Of<JobPage, JobModel>(),
        PageRoute.Of<DeadLettersPage, DeadLettersModel>(),
        PageRoute.Of<ConfirmPage, ConfirmModel>(),
        PageRoute.Of<SchedulesPage, SchedulesModel>(),
        PageRoute.Of<LanesPage, LanesModel>(),
        PageRoute.Of<AuditPage, AuditModel>(),
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
