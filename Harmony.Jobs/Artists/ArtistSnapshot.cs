using System.Globalization;
using Harmony.Jobs.Providers.Catalogue;

namespace Harmony.Jobs.Artists;

/// <summary>
/// A hash of one call's answer about an artist. It differs when a release was added or removed, or when one of the first listed ones
/// changed; the weekly scan finds changes further down. Pure.
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
