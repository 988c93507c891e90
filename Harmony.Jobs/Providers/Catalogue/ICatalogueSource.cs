using Harmony.Jobs.Providers.Http;

namespace Harmony.Jobs.Providers.Catalogue;

/// <summary>Knows artists and what they released. Its name stands before the colon of the keys it owns (<c>spotify:id</c>).</summary>
public interface ICatalogueSource
{
    string Name { get; }

    /// <summary>The same source, asked with other limits to each call.</summary>
    ICatalogueSource With(CallOverrides patience);

    /// <summary>Null when the source knows no such artist.</summary>
    Task<ProviderArtist?> GetArtistAsync(string id, CancellationToken cancellationToken);

    /// <summary>One call: how many albums there are, and those that are listed first. Null when the source knows no such artist.</summary>
    Task<ProviderListing?> GetListingAsync(string artistId, CancellationToken cancellationToken);

    /// <summary>The whole list, or as many as are wanted of it, without tracks; a list that broke off is an error, not a shorter list.</summary>
    Task<ProviderDiscography> GetArtistAlbumsAsync(string artistId, int most, CancellationToken cancellationToken);

    /// <summary>With its tracks; null when the source knows no such album.</summary>
    Task<ProviderAlbum?> GetAlbumAsync(string id, CancellationToken cancellationToken);
}
