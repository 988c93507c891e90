namespace Harmony.Jobs.Files;

/// <summary>Fields of a peer's file that describe no recording. What describes it, ReplayGain and ids included, stays until it is overwritten.</summary>
internal static class PeerFields
{
    private static readonly string[] Words =
        ["COMMENT", "DESCRIPTION", "ENCODER", "ENCODEDBY", "ENCODED-BY", "ENCODED_BY", "ENCODERSETTINGS", "TOOL", "URL", "WWW", "WEBSITE", "CONTACT",
        "EMAIL", "RIPPER", "RIPPED", "RIPPING", "UPLOADER", "SOURCE", "SOURCEMEDIA", "NOTES", "RATING", "TAGGER", "RELEASEGROUP", "GROUP", "FILE"];

    // Comments, links, private data, encoders, ratings, counters, files and buyers.
    private static readonly string[] Frames =
        ["COMM", "WXXX", "WCOM", "WCOP", "WOAF", "WOAR", "WOAS", "WORS", "WPAY", "WPUB", "PRIV", "TENC", "TSSE", "POPM", "PCNT", "GEOB", "OWNE", "TOWN"];

    public static void Remove(TagLib.File file)
    {
        if (file.GetTag(TagLib.TagTypes.Xiph) is TagLib.Ogg.XiphComment xiph)
        {
            foreach (var name in xiph.Where(IsOfPeer).ToList())
                xiph.RemoveField(name);
        }

        if (file.GetTag(TagLib.TagTypes.Ape) is TagLib.Ape.Tag ape)
        {
            foreach (var name in ape.Where(IsOfPeer).ToList())
                ape.RemoveItem(name);
        }

        if (file.GetTag(TagLib.TagTypes.Id3v2) is TagLib.Id3v2.Tag id3)
        {
            foreach (var frame in id3.GetFrames().Where(IsOfPeer).ToList())
                id3.RemoveFrame(frame);
        }
    }

    private static bool IsOfPeer(string name) => Words.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase);

    private static bool IsOfPeer(TagLib.Id3v2.Frame frame) =>
        Frames.Contains(frame.FrameId.ToString(), StringComparer.Ordinal)
        || (frame is TagLib.Id3v2.UserTextInformationFrame text && IsOfPeer(text.Description ?? ""));
}
