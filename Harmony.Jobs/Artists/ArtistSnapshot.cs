using System.Globalization;
using Harmony.Jobs.Providers.Catalogue;

namespace Harmony.Jobs.Artists;

/// <summary>
/// A print of what one call shows of an artist. It differs when a release came or went, or when one of those listed first changed;
/// what changed further down is left to the weekly scan. Pure.
/// </summary>
internal static class ArtistSnapshot
{
    public static string Of(ProviderListing listing) => Fingerprint.Of(
    [
        listing.Total?.ToString(CultureInfo.InvariantCulture),
        .. listing.First
            .OrderBy(album => album.Id, StringComparer.Ordinal)
            .SelectMany(album => new[] { album.Id, album.Name, album.ReleaseDate, album.TotalTracks.ToString(CultureInfo.InvariantCulture) }),
    ]);
}
