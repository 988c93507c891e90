using Harmony.Data.Downloads;

namespace Harmony.Api.Pages.Downloads;

/// <summary>The data of the downloads page: downloads in progress, then the latest changes.</summary>
public sealed record DownloadsModel(
    DownloadFilter Filter, IReadOnlyList<Download> Items, IReadOnlyDictionary<string, long> Counts, DateTimeOffset Now)
{
    public const int Most = 100;

    public long CountOf(DownloadFilter filter) =>
        filter.States.Count == 0 ? Counts.Values.Sum() : filter.States.Sum(s => Counts.GetValueOrDefault(s));
}

/// <summary>A tab of the downloads page; no states means all.</summary>
public sealed record DownloadFilter(string Name, string Words, IReadOnlyList<string> States)
{
    public static readonly IReadOnlyList<DownloadFilter> All =
    [
        new("all", "All", []),
        new("active", "Running", [DownloadState.Downloading]),
        new("queued", "Waiting", [DownloadState.Queued]),
        new("completed", "In the library", [DownloadState.Completed]),
        new("failed", "Failed", [DownloadState.Failed, DownloadState.DeadLetter]),
        new("cancelled", "Cancelled", [DownloadState.Cancelled]),
    ];

    public static DownloadFilter Of(string? name) => All.FirstOrDefault(f => f.Name == name) ?? All[0];
}
