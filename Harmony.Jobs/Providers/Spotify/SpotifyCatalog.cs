using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;
using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Providers.Http;

namespace Harmony.Jobs.Providers.Spotify;

/// <summary>The calls of Spotify's Web API. Pages of ten and one call per album: development mode of 2026 allows no more.</summary>
internal sealed class SpotifyCatalog(ProviderHttp http, SpotifyOptions options, SpotifyTokens tokens, TimeProvider time) : ICatalogueSource
{
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int MaxPages = 300;

    public string Name => SpotifyOptions.Provider;

    public ICatalogueSource With(CallOverrides overrides) => new SpotifyCatalog(
        http, options with { Timeout = overrides.Timeout ?? options.Timeout, Retries = overrides.Retries ?? options.Retries }, tokens, time);

    public async Task<ProviderArtist?> GetArtistAsync(string id, CancellationToken cancellationToken) =>
        (await GetAsync(Api($"/artists/{Escaped(id)}"), "the artist", SpotifyJson.Default.ArtistWire, cancellationToken)).ToArtist();

    public async Task<ProviderListing?> GetListingAsync(string artistId, CancellationToken cancellationToken) =>
        await GetAsync(AlbumsOf(artistId), "the artist's first albums", SpotifyJson.Default.AlbumPageWire, cancellationToken) is { } wire
            ? new ProviderListing(wire.Total is { } total ? (int)total : null, [.. (wire.Rows ?? throw WithoutList("the artist's first albums")).Select(row => row.ToAlbum([])).OfType<ProviderAlbum>()])
            : null;

    public async Task<ProviderDiscography> GetArtistAlbumsAsync(string artistId, int most, CancellationToken cancellationToken)
    {
        var albums = new List<ProviderAlbum>();
        var seen = new HashSet<string>();
        var (rows, unread, total) = (0, 0, 0d);
        var next = AlbumsOf(artistId);
        for (var page = 0; next is not null && albums.Count < most && page < MaxPages; page++)
        {
            // The artist exists, or its albums would not be requested: a missing list is a failure, and so is a page without a list.
            var wire = await GetAsync(next, "the artist's albums", SpotifyJson.Default.AlbumPageWire, cancellationToken)
                ?? throw Vanished("the artist's albums");
            var here = wire.Rows ?? throw WithoutList("the artist's albums");

            // An album may move to the next page between two calls.
            var read = here.Select(row => row.ToAlbum([])).OfType<ProviderAlbum>().ToList();
            albums.AddRange(read.Where(album => seen.Add(album.Id)));
            (rows, unread, total) = (rows + here.Count, unread + here.Count - read.Count, wire.Total ?? total);
            next = NextPage(wire.Next, next);
        }

        // Unreadable rows, or fewer rows than announced, stand for albums that may still exist.
        var isWhole = next is null && unread == 0 && rows >= total && albums.Count <= most;
        return new ProviderDiscography(albums.Count > most ? albums.Slice(0, most) : albums, isWhole);
    }

    public async Task<ProviderAlbum?> GetAlbumAsync(string id, CancellationToken cancellationToken)
    {
        var wire = await GetAsync(Api($"/albums/{Escaped(id)}"), "the album", SpotifyJson.Default.AlbumWire, cancellationToken);
        if (wire is null)
            return null;

        // An album without a list may still have tracks.
        var page = wire.Tracks ?? wire.Items;
        var first = page?.Rows ?? (wire.TotalTracks is 0 ? [] : throw WithoutList("the album's tracks"));
        var tracks = new List<ProviderTrack>(first.ToTracks());
        var here = Api($"/albums/{Escaped(id)}");
        var next = NextPage(page?.Next, here);
        for (var turned = 1; next is not null && turned < MaxPages; turned++)
        {
            page = await GetAsync(next, "the album's tracks", SpotifyJson.Default.TrackPageWire, cancellationToken)
                ?? throw Vanished("the album's tracks");
            tracks.AddRange((page.Rows ?? throw WithoutList("the album's tracks")).ToTracks());
            next = NextPage(page.Next, next);
        }

        return wire.ToAlbum([.. tracks.DistinctBy(track => track.Id)]);
    }

    public async Task<ProviderTrack?> GetTrackAsync(string id, CancellationToken cancellationToken) =>
        (await GetAsync(Api($"/tracks/{Escaped(id)}"), "the track", SpotifyJson.Default.TrackWire, cancellationToken)).ToTrack();

    public async Task<IReadOnlyList<ProviderTrack>> SearchTracksAsync(string query, CancellationToken cancellationToken)
    {
        var wire = await GetAsync(Api($"/search?type=track&limit=10&q={Escaped(query)}"), "the search", SpotifyJson.Default.SearchWire, cancellationToken);
        return [.. ((wire?.Tracks ?? wire?.Items)?.Rows ?? []).ToTracks()];
    }

    private async Task<T?> GetAsync<T>(Uri address, string what, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var reply = await AskAsync(address, what, cancellationToken);
        SpotifyRefusal.ThrowIfBlocked(reply, time);
        return reply.Status switch
        {
            HttpStatusCode.NotFound => null,
            _ when reply.IsSuccess => reply.ReadJson(type),
            _ => throw SpotifyRefusal.Of(reply),
        };
    }

    private async Task<ProviderReply> AskAsync(Uri address, string what, CancellationToken cancellationToken)
    {
        var client = http.To(SpotifyOptions.Provider, new CallLimits(options.Timeout, options.Retries, MaxBytes));
        var token = await tokens.GetAsync(cancellationToken);
        var reply = await client.SendTwiceAsync(() => Authorized(address, token), what, cancellationToken);
        if (reply.Status != HttpStatusCode.Unauthorized)
            return reply;

        // A token may be revoked before it expires: one retry with a new one, then the refusal is final.
        tokens.Forget(token);
        token = await tokens.GetAsync(cancellationToken);
        return await client.SendAsync(() => Authorized(address, token), what, cancellationToken);
    }

    private static HttpRequestMessage Authorized(Uri address, string token) =>
        new(HttpMethod.Get, address) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    // The bearer is sent to the configured host only, even if a page names another host as next. An answer with another host is a failure, not
    // the end of the list: half a discography would look like releases that were withdrawn.
    private Uri? NextPage(string? next, Uri here)
    {
        if (string.IsNullOrEmpty(next))
            return null;

        return Uri.TryCreate(here, next, out var uri)
            && uri != here
            && uri.Scheme == options.ApiBaseUrl.Scheme
            && uri.Authority == options.ApiBaseUrl.Authority
                ? uri
                : throw new ProviderException(SpotifyOptions.Provider, "bad_reply", "spotify named a next page that is not its own");
    }

    private static ProviderException WithoutList(string what) =>
        new(SpotifyOptions.Provider, "bad_reply", $"spotify answered {what} without a list");

    private static ProviderException Vanished(string what) =>
        new(SpotifyOptions.Provider, "bad_reply", $"spotify lost a page of {what} on the way");

    private Uri AlbumsOf(string artistId) =>
        Api($"/artists/{Escaped(artistId)}/albums?include_groups=album%2Csingle%2Ccompilation&limit=10&offset=0");

    private Uri Api(string path) => new(options.ApiBaseUrl.AbsoluteUri.TrimEnd('/') + path);

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
