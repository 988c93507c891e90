using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Bench.Matching;

/// <summary>One pair of the corpus: a wanted track, an offered file, and whether they are the same recording.</summary>
internal sealed record MatchingRow(
    string Id,
    string Category,
    MatchingLabel Label,
    string Reason,
    MatchingRow.WantedPart Wanted,
    MatchingRow.FilePart File,
    IReadOnlyList<MatchingRow.SiblingPart>? Siblings = null)
{
    /// <summary>Untouched rows are measured, and never looked at when the matcher is tuned.</summary>
    [JsonIgnore]
    public bool IsTuning { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(Id))[0] % 2 == 0;

    public WantedTrack ToWanted() =>
        new(Wanted.Artist, Wanted.Title, Wanted.Album, TimeSpan.FromSeconds(Wanted.Duration), Wanted.TrackNumber, AlbumTitles: Wanted.AlbumTitles);

    public SlskdFile ToFile() =>
        new(File.Path, File.Size, File.Extension, File.BitRate, File.BitDepth, File.SampleRate, File.Length, File.IsVariableBitRate);

    /// <summary>A peer that offers this file, and its siblings where the row has some.</summary>
    public SlskdPeerResponse ToPeer() =>
        new("peer", true, 0, 1_000_000, [ToFile(), .. (Siblings ?? []).Select(sibling => new SlskdFile(sibling.Path, 1, Length: sibling.Length))]);

    internal sealed record WantedPart(
        string Artist,
        string Title,
        string Album,
        int Duration,
        int TrackNumber,
        int Year,
        int TotalTracks,
        IReadOnlyList<string>? Aliases = null,
        IReadOnlyList<string>? AlbumTitles = null);

    internal sealed record FilePart(
        string Path,
        long Size,
        string? Extension = null,
        int? Length = null,
        int? BitRate = null,
        bool? IsVariableBitRate = null,
        int? BitDepth = null,
        int? SampleRate = null);

    internal sealed record SiblingPart(string Path, int? Length = null);
}

internal enum MatchingLabel
{
    [JsonStringEnumMemberName("match")]
    Match,

    [JsonStringEnumMemberName("no_match")]
    NoMatch,
}
