using System.Runtime.ExceptionServices;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Catalogue;

/// <summary>Calls the source that owns a key (<c>source:id</c>).</summary>
public sealed class CatalogueGateway(IEnumerable<ICatalogueSource> sources)
{
    private readonly Dictionary<string, ICatalogueSource> _sources = sources.ToDictionary(source => source.Name, StringComparer.Ordinal);

    /// <summary>The maximum number of albums read: collective names ("Various Artists") have tens of thousands.</summary>
    public const int MostAlbums = 2000;

    /// <summary>The same sources, with other limits for each call.</summary>
    public CatalogueGateway With(CallOverrides? overrides) => overrides is null ? this : new(_sources.Values.Select(source => source.With(overrides)));

    public Task<CatalogueArtist> ReadAsync(string artistKey, CancellationToken cancellationToken) => ReadAsync(artistKey, MostAlbums, cancellationToken);

    public async Task<CatalogueArtist> ReadAsync(string artistKey, int most, CancellationToken cancellationToken)
    {
        var (source, id) = OwnerOf(artistKey);
        var artist = await source.GetArtistAsync(id, cancellationToken)
            ?? throw new PermanentJobException("not_found", $"{source.Name} knows no artist {id}.");
        var (albums, isWhole) = await source.GetArtistAlbumsAsync(id, Math.Min(most, MostAlbums), cancellationToken);
        return new CatalogueArtist(source.Name, artist, albums, isWhole);
    }

    /// <summary>
    /// All sources of one artist at once: a failure of one does not hide the answer of another. When all fail, the first one's
    /// error is thrown, so that the job waits, retries or dies as it would with that source alone.
    /// </summary>
    public async Task<CatalogueReading> ReadAllAsync(IReadOnlyList<string> artistKeys, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(artistKeys.Distinct(StringComparer.Ordinal).Select(key => AskAsync(key, cancellationToken)));
        var artists = answers.Select(answer => answer.Artist).OfType<CatalogueArtist>().ToList();
        var failures = answers.Select(answer => answer.Failure).OfType<CatalogueFailure>().ToList();
        if (artists.Count == 0 && failures.Count > 0)
            ExceptionDispatchInfo.Throw(failures[0].Error);

        return new CatalogueReading(artists, failures);
    }

    /// <summary>The answer of one call about the artist.</summary>
    public async Task<ProviderListing> GetListingAsync(string artistKey, CancellationToken cancellationToken)
    {
        var (source, id) = OwnerOf(artistKey);
        return await source.GetListingAsync(id, cancellationToken)
            ?? throw new PermanentJobException("not_found", $"{source.Name} knows no artist {id}.");
    }

    /// <summary>An album of the source that owns the artist's key.</summary>
    public Task<ProviderAlbum?> GetAlbumAsync(string artistKey, string albumId, CancellationToken cancellationToken) =>
        OwnerOf(artistKey).Source.GetAlbumAsync(albumId, cancellationToken);

    private async Task<(CatalogueArtist? Artist, CatalogueFailure? Failure)> AskAsync(string artistKey, CancellationToken cancellationToken)
    {
        try
        {
            return (await ReadAsync(artistKey, cancellationToken), null);
        }
        catch (Exception error) when (error is ProviderFailedException or ProviderBlockedException or PermanentJobException)
        {
            return (null, new CatalogueFailure(artistKey, error));
        }
    }

    private (ICatalogueSource Source, string Id) OwnerOf(string artistKey)
    {
        if (artistKey.Split(':', 2) is not [{ Length: > 0 } name, { Length: > 0 } id])
            throw new PermanentJobException("invalid_artist_key", $"'{artistKey}' is not of the form source:id.");

        return _sources.TryGetValue(name, out var source)
            ? (source, id)
            : throw new PermanentJobException("invalid_artist_key", $"'{artistKey}' belongs to no source of catalogues; there are {string.Join(", ", _sources.Keys)}.");
    }
}
