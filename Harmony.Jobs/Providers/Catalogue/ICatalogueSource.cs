using Harmony.Jobs.Providers.Http;

namespace Harmony.Jobs.Providers.Catalogue;

/// <summary>A source of artists and their releases. Its name is the part before the colon of its keys (<c>spotify:id</c>).</summary>
public interface ICatalogueSource
{
    string Name { get; }

    /// <summary>The same source, with other limits for each call.</summary>
    ICatalogueSource With(CallOverrides overrides);

    /// <summary>Null when the source has no such artist.</summary>
    Task<ProviderArtist?> GetArtistAsync(string id, CancellationToken cancellationToken);

    /// <summary>One call: the number of albums, and the first listed ones. Null when the source has no such artist.</summary>
    Task<ProviderListing?> GetListingAsync(string artistId, CancellationToken cancellationToken);

    /// <summary>The whole list, or the requested number of albums, without tracks; an interrupted list is an error, not a shorter list.</summary>
    Task<ProviderDiscography> GetArtistAlbumsAsync(string artistId, int most, CancellationToken cancellationToken);

    /// <summary>With its tracks; null when the source has no such album.</summary>
    Task<ProviderAlbum?> GetAlbumAsync(string id, CancellationToken cancellationToken);
}
