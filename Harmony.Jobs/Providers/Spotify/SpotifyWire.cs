using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Jobs.Providers.Spotify;

// The real wire format: every field may be missing, lists may hold nulls, and development mode renamed two members in 2026
// (items instead of tracks, item instead of track).
internal sealed record TokenWire(string? AccessToken, double? ExpiresIn, string? RefreshToken);

internal sealed record ImageWire(string? Url, double? Width, double? Height);

internal sealed record ArtistWire(string? Id, string? Name, List<string?>? Genres, List<ImageWire?>? Images);

internal sealed record CopyrightWire(string? Text, string? Type);

internal sealed record ExternalIdsWire(string? Isrc, string? Upc);

internal sealed record AlbumWire(
    string? Id,
    string? Name,
    string? AlbumType,
    string? ReleaseDate,
    double? TotalTracks,
    List<ArtistWire?>? Artists,
    List<ImageWire?>? Images,
    List<string?>? Genres,
    List<CopyrightWire?>? Copyrights,
    ExternalIdsWire? ExternalIds,
    string? Label,
    TrackPageWire? Tracks,
    TrackPageWire? Items);

internal sealed record TrackWire(
    string? Id,
    string? Name,
    double? DiscNumber,
    double? TrackNumber,
    double? DurationMs,
    bool? Explicit,
    ExternalIdsWire? ExternalIds,
    List<ArtistWire?>? Artists,
    AlbumWire? Album);

/// <summary>A row of a track list: the track itself, or a wrapper that holds it as <c>item</c> or <c>track</c>.</summary>
internal sealed record TrackRowWire(
    string? Id,
    string? Name,
    double? DiscNumber,
    double? TrackNumber,
    double? DurationMs,
    bool? Explicit,
    ExternalIdsWire? ExternalIds,
    List<ArtistWire?>? Artists,
    AlbumWire? Album,
    TrackWire? Item,
    TrackWire? Track)
{
    public TrackWire Unwrapped =>
        Item ?? Track ?? new TrackWire(Id, Name, DiscNumber, TrackNumber, DurationMs, Explicit, ExternalIds, Artists, Album);
}

internal sealed record TrackPageWire(List<TrackRowWire?>? Items, List<TrackRowWire?>? Tracks, string? Next, double? Total)
{
    public List<TrackRowWire?>? Rows => Items ?? Tracks;
}

internal sealed record AlbumPageWire(List<AlbumWire?>? Items, List<AlbumWire?>? Albums, string? Next, double? Total)
{
    public List<AlbumWire?>? Rows => Items ?? Albums;
}

internal sealed record SearchWire(TrackPageWire? Tracks, TrackPageWire? Items);

/// <summary>Characters that PostgreSQL cannot store are removed from every text.</summary>
internal sealed class TextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()?.Replace("\0", "", StringComparison.Ordinal);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

[JsonSourceGenerationOptions(
    Converters = [typeof(TextConverter)],
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(TokenWire))]
[JsonSerializable(typeof(ArtistWire))]
[JsonSerializable(typeof(AlbumWire))]
[JsonSerializable(typeof(TrackWire))]
[JsonSerializable(typeof(TrackPageWire))]
[JsonSerializable(typeof(AlbumPageWire))]
[JsonSerializable(typeof(SearchWire))]
internal sealed partial class SpotifyJson : JsonSerializerContext;
