namespace Harmony.Jobs.Files;

/// <summary>Which format a file really is, by its first bytes: names are claims.</summary>
internal static class AudioContainer
{
    public const string Flac = "FLAC";
    public const string Mp3 = "MP3";

    private const int Id3Header = 10;

    public static string? Of(string path)
    {
        using var file = File.OpenRead(path);
        var head = Head(file);
        if (!head.AsSpan().StartsWith("ID3"u8) || head.Length < Id3Header)
        {
            return Of(head);
        }

        // Old taggers put ID3 in front of FLAC too, so what counts comes behind it.
        file.Position = Id3Header + ((head[6] & 0x7F) << 21 | (head[7] & 0x7F) << 14 | (head[8] & 0x7F) << 7 | (head[9] & 0x7F));
        return Of(Head(file)) == Flac ? Flac : Mp3;
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
