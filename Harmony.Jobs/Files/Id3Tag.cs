namespace Harmony.Jobs.Files;

/// <summary>The header of an ID3v2 tag: enough to skip the tag, and to know whether it is safe for the tag library.</summary>
internal static class Id3Tag
{
    public const int HeaderBytes = 10;

    private const int Id3V1Bytes = 128;

    /// <summary>The length of the tag at the start of these bytes, its header included; 0 without a tag.</summary>
    public static int Length(ReadOnlySpan<byte> head) =>
        head.Length >= HeaderBytes && head.StartsWith("ID3"u8)
            ? HeaderBytes + (((head[6] & 0x7F) << 21) | ((head[7] & 0x7F) << 14) | ((head[8] & 0x7F) << 7) | (head[9] & 0x7F))
            : 0;

    /// <summary>TagLib# never returns from a tag of a version it does not know (mono/taglib-sharp#162), before the audio or after it.</summary>
    public static bool IsKnownVersion(Stream file)
    {
        var at = 0L;
        while (Read(file, at) is var head && Length(head) is > 0 and var length)
        {
            if (head[3] is < 2 or > 4)
                return false;

            at += length;
        }

        return IsKnownFooter(Read(file, file.Length - HeaderBytes)) && IsKnownFooter(Read(file, file.Length - Id3V1Bytes - HeaderBytes));
    }

    private static bool IsKnownFooter(byte[] tail) => !tail.AsSpan().StartsWith("3DI"u8) || (tail.Length > 3 && tail[3] is >= 2 and <= 4);

    private static byte[] Read(Stream file, long at)
    {
        if (at < 0 || at >= file.Length)
            return [];

        file.Position = at;
        var bytes = new byte[HeaderBytes];
        return bytes[..file.ReadAtLeast(bytes, HeaderBytes, throwOnEndOfStream: false)];
    }
}
