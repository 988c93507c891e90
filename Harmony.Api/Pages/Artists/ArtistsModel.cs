using Harmony.Data.Artists;

namespace Harmony.Api.Pages.Artists;

public sealed record ArtistsModel(string? Search, int PageNumber, long Total, IReadOnlyList<ArtistSummary> Items, DateTimeOffset Now)
{
    public const int Most = 50;

    public bool HasMore => (long)PageNumber * Most < Total;
}
