using System.Globalization;
using Harmony.Sandbox.Audio;
using Harmony.Sandbox.Catalog;

namespace Harmony.Sandbox.Slskd;

/// <summary>How people name their folders and files.</summary>
internal static class SharePaths
{
    private const int LongestPart = 150;

    public static string Of(Peer peer, CatalogRelease release, CatalogTrack track, string title)
    {
        var (artist, album, name) = (Safe(release.Artists[0].Name), Safe(release.Title), Safe(title));
        var number = Number(release, track);
        var ending = Ending(peer.Encoding);
        return peer.Style switch
        {
            FolderStyle.Tidy => $@"Music\{artist}\{album} ({release.Year}) [{Label(peer.Encoding)}]\{number} - {Safe(track.ArtistName)} - {name}.{ending}",
            FolderStyle.Initials => $@"@@{peer.Name[..4].Trim()}x\Lossless\{artist} - {album}\{number} {name}.{ending}",
            FolderStyle.YearFirst => $@"share\{artist[..1].ToUpperInvariant()}\{artist}\{release.Year} - {album}\{number}. {name}.{ending}",
            FolderStyle.Loose => $@"complete\{artist}\{artist} - {name}.{ending}",
            _ => Scene($@"web\{artist}-{album}-WEB-{release.Year}-RLY\{number}-{artist}-{name}.{ending}"),
        };
    }

    public static string Ending(AudioEncoding encoding) => encoding switch
    {
        AudioEncoding.Flac => "flac",
        AudioEncoding.Ogg => "ogg",
        AudioEncoding.M4a => "m4a",
        _ => "mp3",
    };

    private static string Label(AudioEncoding encoding) => encoding == AudioEncoding.Flac ? "FLAC" : "320";

    private static string Number(CatalogRelease release, CatalogTrack track)
    {
        var number = track.Number.ToString("00", CultureInfo.InvariantCulture);
        return release.Tracks[^1].Disc > 1 ? $"{track.Disc}-{number}" : number;
    }

    // What no Windows disk can hold becomes an underscore, as in real shares.
    private static string Safe(string text)
    {
        var safe = string.Concat(text.Select(letter => "\\/:*?\"<>|".Contains(letter, StringComparison.Ordinal) ? '_' : letter));
        if (safe.Length > LongestPart)
            safe = safe[..LongestPart];
        return safe.EndsWith('.') ? safe.TrimEnd('.') + "_" : safe;
    }

    private static string Scene(string path)
        => PlainText.Fold(path).Replace(' ', '_').Replace("'", "", StringComparison.Ordinal).Replace("&", "and", StringComparison.Ordinal);
}
