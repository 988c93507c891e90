using Harmony.Jobs.Providers.Catalogue;

namespace Harmony.Jobs.Providers.Spotify;

/// <summary>Converts the tolerant wire format to our records: rows without an id are skipped, a missing name is replaced by the id.</summary>
internal static class SpotifyReading
{
    public static ProviderArtist? ToArtist(this ArtistWire? wire) =>
        wire?.Id is { Length: > 0 } id
            ? new ProviderArtist(id, Named(wire.Name, id), Texts(wire.Genres), ToImages(wire.Images))
            : null;

    public static ProviderAlbum? ToAlbum(this AlbumWire? wire, IReadOnlyList<ProviderTrack> tracks) =>
        wire?.Id is { Length: > 0 } id
            ? new ProviderAlbum(
                id,
                Named(wire.Name, id),
                wire.AlbumType ?? "album",
                Text(wire.ReleaseDate),
                Whole(wire.TotalTracks),
                ToRefs(wire.Artists),
                ToImages(wire.Images),
                Texts(wire.Genres),
                Text((wire.Copyrights ?? []).OfType<CopyrightWire>().OrderBy(c => c.Type != "C").FirstOrDefault()?.Text),
                Text(wire.ExternalIds?.Upc),
                Text(wire.Label),
                tracks)
            : null;

    public static ProviderTrack? ToTrack(this TrackWire? wire) =>
        wire?.Id is { Length: > 0 } id
            ? new ProviderTrack(
                id,
                Named(wire.Name, id),
                Math.Max(1, Whole(wire.DiscNumber)),
                Math.Max(0, Whole(wire.TrackNumber)),
                Whole(wire.DurationMs),
                Text(wire.ExternalIds?.Isrc)?.ToUpperInvariant(),
                wire.Explicit ?? false,
                ToRefs(wire.Artists),
                ToAlbumRef(wire.Album))
            : null;

    public static IEnumerable<ProviderTrack> ToTracks(this IEnumerable<TrackRowWire?> rows) =>
        rows.OfType<TrackRowWire>().Select(row => row.Unwrapped.ToTrack()).OfType<ProviderTrack>();

    private static ProviderAlbumRef? ToAlbumRef(AlbumWire? wire) =>
        wire?.Id is { Length: > 0 } id
            ? new ProviderAlbumRef(id, Named(wire.Name, id), Text(wire.ReleaseDate), ToImages(wire.Images))
            : null;

    private static List<ProviderArtistRef> ToRefs(List<ArtistWire?>? artists) =>
        [.. (artists ?? []).Where(a => a?.Id is { Length: > 0 }).Select(a => new ProviderArtistRef(a!.Id!, Named(a.Name, a.Id!)))];

    private static List<ProviderImage> ToImages(List<ImageWire?>? images) =>
        [.. (images ?? []).Where(i => i?.Url is { Length: > 0 }).Select(i => new ProviderImage(i!.Url!, Size(i.Width), Size(i.Height)))];

    private static List<string> Texts(List<string?>? texts) =>
        [.. (texts ?? []).Select(Text).OfType<string>()];

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string Named(string? name, string id) => Text(name) ?? id;

    private static int Whole(double? number) => number is { } n ? (int)Math.Clamp(n, 0, int.MaxValue) : 0;

    private static int? Size(double? number) => number is > 0 ? Whole(number) : null;
}
