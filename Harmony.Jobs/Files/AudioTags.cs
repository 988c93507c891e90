using Harmony.Jobs.Providers.Artwork;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Files;

/// <summary>Reads and writes tags with TagLib#; with PeerFields the only file that uses that library.</summary>
internal static class AudioTags
{
    // The maximum of a FLAC block, the strictest container.
    private const int MaxCoverBytes = (16 * 1024 * 1024) - 64 * 1024;
    private const string Isrc = "ISRC";
    private const string SpotifyTrackId = "SPOTIFY_TRACK_ID";
    private const string AppleMean = "com.apple.iTunes";

    private static readonly TagLib.ByteVector AppleDay = new(0xA9, (byte)'d', (byte)'a', (byte)'y');

    /// <summary>Removes what only the peer has to say: comments, names of people and programs, private fields. Changes the file in place.</summary>
    public static void RemovePeerFields(string path) => Using(path, TagsOnly, file =>
    {
        file.Tag.Comment = null;
        file.Tag.Description = null;
        PeerFields.Remove(file);
        file.Save();
        return true;
    });

    /// <summary>Changes the file in place: give it a copy (<see cref="FileEdit"/>).</summary>
    public static void Write(string path, TrackTags tags) => Using(path, TagsOnly, file =>
    {
        if (file.MimeType == MimeOf(AudioContainer.Flac))
        {
            // Not part of FLAC, and read first by some players.
            file.RemoveTags(TagLib.TagTypes.Id3v1 | TagLib.TagTypes.Id3v2 | TagLib.TagTypes.Ape);
        }

        if (file.GetTag(TagLib.TagTypes.Id3v2) is TagLib.Id3v2.Tag id3)
        {
            id3.Version = 4; // dates with a day, and several values in one frame
        }

        SetNames(file.Tag, tags);
        SetNumbers(file.Tag, tags);
        SetDate(file, tags.Date);
        SetField(file, Isrc, "TSRC", tags.Isrc);
        SetField(file, SpotifyTrackId, null, tags.SpotifyTrackId);
        SetCover(file.Tag, tags.Cover);
        file.Save();
        return true;
    });

    public static TrackTags Read(string path) => Using(path, TagsOnly, file => new TrackTags(
        Text(file.Tag.Title),
        file.Tag.Performers,
        file.Tag.AlbumArtists,
        Text(file.Tag.Album),
        Number(file.Tag.Track),
        Number(file.Tag.TrackCount),
        Number(file.Tag.Disc),
        Number(file.Tag.DiscCount),
        Date(file),
        Field(file, Isrc, "TSRC"),
        file.Tag.Genres,
        Text(file.Tag.Copyright),
        Text(file.Tag.FirstComposer),
        Text(file.Tag.Comment),
        Field(file, SpotifyTrackId, null),
        Text(file.Tag.Lyrics),
        CoverOf(file.Tag)));

    internal static AudioProbe Probe(string path)
    {
        try
        {
            return Using(path, MayMeasure, file => new AudioProbe(null, IsAlac(file) ? "ALAC" : null, file.Properties?.Duration ?? TimeSpan.Zero));
        }
        catch (PermanentJobException unreadable)
        {
            return new AudioProbe(unreadable.Message, null, TimeSpan.Zero);
        }
    }

    // Our own decoders measure FLAC and MP3. Measuring a broken MP3 header causes a stack overflow in the library's older
    // versions (mono/taglib-sharp#84), which no catch survives.
    private static TagLib.ReadStyle MayMeasure(string format) =>
        format is AudioContainer.Flac or AudioContainer.Mp3 ? TagLib.ReadStyle.None : TagLib.ReadStyle.Average;

    private static TagLib.ReadStyle TagsOnly(string format) => TagLib.ReadStyle.None;

    private static T Using<T>(string path, Func<string, TagLib.ReadStyle> style, Func<TagLib.File, T> use)
    {
        var format = AudioContainer.Of(path) ?? throw new PermanentJobException("unknown_format", $"{path} does not begin like any audio we know");
        RefuseUnknownId3(path);
        try
        {
            using var file = TagLib.File.Create(path, MimeOf(format), style(format));
            return use(file);
        }
        // For a hostile file the parser may throw any exception; only a disk error is worth a retry.
        catch (Exception broken) when (broken is not (IOException or UnauthorizedAccessException or OutOfMemoryException or PermanentJobException))
        {
            throw new PermanentJobException("tag_parse_error", $"the tags of {Path.GetFileName(path)} cannot be handled: {broken.Message}", broken);
        }
    }

    private static void RefuseUnknownId3(string path)
    {
        using var file = File.OpenRead(path);
        if (!Id3Tag.IsKnownVersion(file))
            throw new PermanentJobException("tag_parse_error", $"{Path.GetFileName(path)} has an ID3 tag of a version that does not exist");
    }

    // Otherwise the library uses the extension, and an extension is a claim of the peer.
    private static string MimeOf(string format) => format switch
    {
        "WAVPACK" => "taglib/wv",
        _ => $"taglib/{format.ToLowerInvariant()}",
    };

    private static void SetNames(TagLib.Tag tag, TrackTags tags)
    {
        tag.Title = tags.Title ?? tag.Title;
        tag.Performers = tags.Artist?.ToArray() ?? tag.Performers;
        tag.AlbumArtists = tags.AlbumArtist?.ToArray() ?? tag.AlbumArtists;
        tag.Album = tags.Album ?? tag.Album;
        tag.Genres = tags.Genres?.ToArray() ?? tag.Genres;
        tag.Copyright = tags.Copyright ?? tag.Copyright;
        tag.Composers = tags.Composer is { } composer ? [composer] : tag.Composers;
        tag.Comment = tags.Comment ?? tag.Comment;
        tag.Lyrics = tags.Lyrics ?? tag.Lyrics;
    }

    private static void SetNumbers(TagLib.Tag tag, TrackTags tags)
    {
        tag.Track = (uint?)tags.TrackNumber ?? tag.Track;
        tag.TrackCount = (uint?)tags.TrackCount ?? tag.TrackCount;
        tag.Disc = (uint?)tags.DiscNumber ?? tag.Disc;
        tag.DiscCount = (uint?)tags.DiscCount ?? tag.DiscCount;
    }

    // The library's own property supports years only.
    private static void SetDate(TagLib.File file, string? date)
    {
        if (date is null)
            return;

        if (date.Length >= 4 && uint.TryParse(date.AsSpan(0, 4), out var year))
            file.Tag.Year = year;

        (file.GetTag(TagLib.TagTypes.Xiph) as TagLib.Ogg.XiphComment)?.SetField("DATE", date);
        (file.GetTag(TagLib.TagTypes.Id3v2) as TagLib.Id3v2.Tag)?.SetTextFrame("TDRC", date);
        (file.GetTag(TagLib.TagTypes.Apple) as TagLib.Mpeg4.AppleTag)?.SetText(AppleDay, date);
        (file.GetTag(TagLib.TagTypes.Ape) as TagLib.Ape.Tag)?.SetValue("Year", date);
        (file.GetTag(TagLib.TagTypes.Asf) as TagLib.Asf.Tag)?.SetDescriptorString(date, "WM/Year");
    }

    private static string? Date(TagLib.File file) =>
        Text((file.GetTag(TagLib.TagTypes.Xiph) as TagLib.Ogg.XiphComment)?.GetFirstField("DATE"))
        ?? Text((file.GetTag(TagLib.TagTypes.Id3v2) as TagLib.Id3v2.Tag)?.GetFrames<TagLib.Id3v2.TextInformationFrame>("TDRC").FirstOrDefault()?.ToString())
        ?? Text((file.GetTag(TagLib.TagTypes.Apple) as TagLib.Mpeg4.AppleTag)?.GetText(AppleDay).FirstOrDefault())
        ?? Text((file.GetTag(TagLib.TagTypes.Ape) as TagLib.Ape.Tag)?.GetItem("Year")?.ToString())
        ?? (file.Tag.Year > 0 ? file.Tag.Year.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);

    private static void SetField(TagLib.File file, string name, string? id3Frame, string? value)
    {
        if (value is null)
            return;

        (file.GetTag(TagLib.TagTypes.Xiph) as TagLib.Ogg.XiphComment)?.SetField(name, value);
        (file.GetTag(TagLib.TagTypes.Apple) as TagLib.Mpeg4.AppleTag)?.SetDashBox(AppleMean, name, value);
        (file.GetTag(TagLib.TagTypes.Ape) as TagLib.Ape.Tag)?.SetValue(name, value);
        (file.GetTag(TagLib.TagTypes.Asf) as TagLib.Asf.Tag)?.SetDescriptorString(value, $"WM/{name}");
        if (file.GetTag(TagLib.TagTypes.Id3v2) is TagLib.Id3v2.Tag id3)
        {
            if (id3Frame is not null)
                id3.SetTextFrame(id3Frame, value);
            else
                TagLib.Id3v2.UserTextInformationFrame.Get(id3, name, TagLib.StringType.UTF8, create: true).Text = [value];
        }
    }

    private static string? Field(TagLib.File file, string name, string? id3Frame) =>
        Text((file.GetTag(TagLib.TagTypes.Xiph) as TagLib.Ogg.XiphComment)?.GetFirstField(name))
        ?? Text((file.GetTag(TagLib.TagTypes.Apple) as TagLib.Mpeg4.AppleTag)?.GetDashBox(AppleMean, name))
        ?? Text((file.GetTag(TagLib.TagTypes.Ape) as TagLib.Ape.Tag)?.GetItem(name)?.ToString())
        ?? Text((file.GetTag(TagLib.TagTypes.Asf) as TagLib.Asf.Tag)?.GetDescriptorString($"WM/{name}"))
        ?? (file.GetTag(TagLib.TagTypes.Id3v2) is TagLib.Id3v2.Tag id3 ? Id3Field(id3, name, id3Frame) : null);

    private static string? Id3Field(TagLib.Id3v2.Tag id3, string name, string? frame) =>
        Text(frame is not null
            ? id3.GetFrames<TagLib.Id3v2.TextInformationFrame>(frame).FirstOrDefault()?.Text.FirstOrDefault()
            : TagLib.Id3v2.UserTextInformationFrame.Get(id3, name, create: false)?.Text.FirstOrDefault());

    private static void SetCover(TagLib.Tag tag, Cover? cover)
    {
        if (cover is null)
            return;

        if (cover.MimeType is not ("image/jpeg" or "image/png"))
            throw new PermanentJobException("not_an_image", $"{cover.MimeType} cannot be embedded: players read JPEG and PNG");

        if (cover.Bytes.Length > MaxCoverBytes)
            throw new PermanentJobException("too_large", $"a cover of {cover.Bytes.Length} bytes does not fit into a file");

        // The type of FLAC carries the measures of the image; the other formats take what they have room for.
        var front = new TagLib.Flac.Picture(new TagLib.Picture(new TagLib.ByteVector(cover.Bytes)))
        {
            Type = TagLib.PictureType.FrontCover,
            MimeType = cover.MimeType,
            Description = "",
            Width = cover.Width,
            Height = cover.Height,
            ColorDepth = 24,
        };
        tag.Pictures = [front, .. tag.Pictures.Where(other => other.Type is not (TagLib.PictureType.FrontCover or TagLib.PictureType.Other))];
    }

    private static Cover? CoverOf(TagLib.Tag tag) =>
        tag.Pictures.FirstOrDefault(picture => picture.Type == TagLib.PictureType.FrontCover)?.Data.Data is { } bytes
        && ImageHeader.Read(bytes) is { } header
            ? new Cover(bytes, header.MimeType, header.Width, header.Height)
            : null;

    private static bool IsAlac(TagLib.File file) =>
        file.Properties?.Codecs?.Any(codec => codec?.Description?.Contains("alac", StringComparison.OrdinalIgnoreCase) == true) == true;

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static int? Number(uint number) => number > 0 ? (int)number : null;
}
