using System.Buffers.Binary;

namespace Harmony.Jobs.Providers.Artwork;

/// <summary>Format and size from the first bytes of an image, before it is decoded; null for everything that is no JPEG, PNG or WebP.</summary>
internal sealed record ImageHeader(string MimeType, int Width, int Height)
{
    public static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        var header = bytes switch
        {
            [0xFF, 0xD8, 0xFF, ..] => ReadJpeg(bytes),
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ReadPng(bytes),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ReadWebp(bytes),
            _ => null,
        };
        return header is { Width: > 0, Height: > 0 } ? header : null;
    }

    private static ImageHeader? ReadPng(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 24 && bytes[12..16].SequenceEqual("IHDR"u8)
            ? new ImageHeader("image/png", BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]))
            : null;

    private static ImageHeader? ReadJpeg(ReadOnlySpan<byte> bytes)
    {
        var at = 2;
        while (at + 9 <= bytes.Length && bytes[at] == 0xFF)
        {
            var marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            // All kinds of start of frame; C4, C8 and CC in the same range are tables.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                var height = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]);
                var width = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]);
                return new ImageHeader("image/jpeg", width, height);
            }

            if (marker is 0xD9 or 0xDA)
                return null;

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        return null;
    }

    private static ImageHeader? ReadWebp(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 30)
            return null;

        var chunk = bytes[12..16];
        if (chunk.SequenceEqual("VP8X"u8))
            return Webp(1 + Read24(bytes[24..]), 1 + Read24(bytes[27..]));

        if (chunk.SequenceEqual("VP8L"u8) && bytes[20] == 0x2F)
        {
            var packed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]);
            return Webp(1 + (int)(packed & 0x3FFF), 1 + (int)((packed >> 14) & 0x3FFF));
        }

        return chunk.SequenceEqual("VP8 "u8) && bytes[23..26].SequenceEqual(new byte[] { 0x9D, 0x01, 0x2A })
            ? Webp(BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]) & 0x3FFF)
            : null;
    }

    private static ImageHeader Webp(int width, int height) => new("image/webp", width, height);

    private static int Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
