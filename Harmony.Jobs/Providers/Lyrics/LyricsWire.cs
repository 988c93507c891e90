using System.Text.Json.Serialization;

namespace Harmony.Jobs.Providers.Lyrics;

internal sealed record LrclibWire(
    string? TrackName,
    string? ArtistName,
    double? Duration,
    bool? Instrumental,
    string? PlainLyrics,
    string? SyncedLyrics);

internal sealed record LyricsOvhWire(string? Lyrics);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LrclibWire))]
[JsonSerializable(typeof(List<LrclibWire>))]
[JsonSerializable(typeof(LyricsOvhWire))]
internal sealed partial class LyricsJson : JsonSerializerContext;
