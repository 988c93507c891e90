namespace Harmony.Jobs.Files;

/// <summary>The real format of a file, by its first bytes: the extension is only a claim.</summary>
internal static class AudioContainer
{
    public const string Flac = "FLAC";
    public const string Mp3 = "MP3";

    private static readonly Dictionary<string, string[]> Suffixes = new(StringComparer.Ordinal)
    {
        [Flac] = [".flac"],
        [Mp3] = [".mp3"],
        ["AAC"] = [".aac"],
        ["OPUS"] = [".opus"],
        ["OGG"] = [".ogg", ".oga"],
        ["M4A"] = [".m4a", ".mp4", ".alac"],
        ["WAV"] = [".wav"],
        ["AIFF"] = [".aiff", ".aif"],
        ["APE"] = [".ape"],
        ["WAVPACK"] = [".wv"],
        ["MPC"] = [".mpc"],
        ["WMA"] = [".wma"],
    };

    public static string? Of(string path)
    {
        using var file = File.OpenRead(path);
        var head = Head(file);
        if (Id3Tag.Length(head) is not (> 0 and var length))
            return Of(head);

        // Old taggers put ID3 before FLAC too, so the bytes after the tag decide.
        file.Position = length;
        return Of(Head(file)) == Flac ? Flac : Mp3;
    }

    /// <summary>The suffix that tells the truth: the claimed one where it is usual for this format.</summary>
    public static string SuffixOf(string format, string claimed)
    {
        var usual = Suffixes[format == "ALAC" ? "M4A" : format];
        var suffix = claimed.ToLowerInvariant();
        return usual.Contains(suffix) ? suffix : usual[0];
    }

    private static byte[] Head(FileStream file)
    {
        var head = new byte[64];
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head[..read];
    }

    private static string? Of(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => Flac,
        [0xFF, >= 0xE0, ..] => (head[1] & 0x06) == 0 ? "AAC" : Mp3,
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => head.IndexOf("OpusHead"u8) > 0 ? "OPUS" : "OGG",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "M4A",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'A', (byte)'V', (byte)'E', ..] => "WAV",
        [(byte)'F', (byte)'O', (byte)'R', (byte)'M', _, _, _, _, (byte)'A', (byte)'I', (byte)'F', ..] => "AIFF",
        [(byte)'M', (byte)'A', (byte)'C', (byte)' ', ..] => "APE",
        [(byte)'w', (byte)'v', (byte)'p', (byte)'k', ..] => "WAVPACK",
        [(byte)'M', (byte)'P', (byte)'C', (byte)'K', ..] or [(byte)'M', (byte)'P', (byte)'+', ..] => "MPC",
        [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, ..] => "WMA",
        _ => null,
    };
}
