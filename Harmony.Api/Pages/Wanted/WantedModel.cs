using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads;

namespace Harmony.Api.Pages.Wanted;

/// <summary>One page of wanted tracks, the next to be searched first.</summary>
public sealed record WantedModel(string? Text, WantedPlace? After, IReadOnlyList<Download> Found, long Total, DateTimeOffset Now)
{
    public const int Most = 100;

    public IEnumerable<Download> Items => Found.Take(Most);

    public WantedPlace? Next => Found.Count > Most ? WantedPlace.Of(Found[Most - 1]) : null;

    public static Closest? ClosestOf(Download download) => Closest.Parse(download.Closest);
}
