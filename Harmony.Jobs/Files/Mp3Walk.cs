using System.Buffers.Binary;

namespace Harmony.Jobs.Files;

/// <summary>Walks the frames of an MP3 from its first to its last byte: its duration, and the number of bytes outside of frames.</summary>
internal sealed record Mp3Walk(long Frames, TimeSpan Duration, long StrayBytes)
{
    private const int MaxBytes = 512 * 1024 * 1024;

    // kbit/s of layer III; index 0 is free format, which is not in use, 15 is forbidden.
    private static readonly int[] Rates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
    private static readonly int[] Rates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
    private static readonly int[] SampleRates1 = [44_100, 48_000, 32_000, 0];

    public static Mp3Walk Of(string path)
    {
        var length = new FileInfo(path).Length;
        if (length > MaxBytes)
            throw new IOException($"{path} is too large to be an MP3");

        return Of(File.ReadAllBytes(path));
    }

    public static Mp3Walk Of(ReadOnlySpan<byte> bytes)
    {
        var at = Math.Min(Id3Tag.Length(bytes), bytes.Length);
        var end = bytes.Length - TailLength(bytes);
        var (frames, stray, seconds) = (0L, 0L, 0.0);
        while (at < end)
        {
            if (Frame(bytes[at..end]) is { } frame && IsFollowed(bytes[..end], at + frame.Bytes))
            {
                (frames, seconds, at) = (frames + 1, seconds + frame.Seconds, at + frame.Bytes);
                continue;
            }

            stray++;
            at++;
        }

        return new Mp3Walk(frames, TimeSpan.FromSeconds(seconds), stray);
    }

    // Two bytes match a header too easily: a header counts when another follows at its end, or the audio ends there.
    private static bool IsFollowed(ReadOnlySpan<byte> bytes, int next) =>
        next == bytes.Length || (next < bytes.Length && (bytes.Length - next < 4 || Frame(bytes[next..]) is not null || IsAllZero(bytes[next..])));

    private static bool IsAllZero(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)0) < 0;

    private static (int Bytes, double Seconds)? Frame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4 || bytes[0] != 0xFF || (bytes[1] & 0xE0) != 0xE0)
            return null;

        var header = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var (version, layer) = ((header >> 19) & 3, (header >> 17) & 3);
        var isFirst = version == 3;
        var bitRate = (isFirst ? Rates1 : Rates2)[(header >> 12) & 15] * 1000;
        var sampleRate = SampleRates1[(header >> 10) & 3] >> (version switch { 3 => 0, 2 => 1, _ => 2 });
        if (version == 1 || layer != 1 || bitRate == 0 || sampleRate == 0)
            return null;

        var samples = isFirst ? 1152 : 576;
        var size = (samples / 8 * bitRate / sampleRate) + (int)((header >> 9) & 1);
        return size <= bytes.Length ? (size, (double)samples / sampleRate) : null;
    }

    // ID3v1 is last in a file, APE stands before it.
    private static int TailLength(ReadOnlySpan<byte> bytes)
    {
        var tail = bytes.Length >= 128 && bytes[^128..^125].SequenceEqual("TAG"u8) ? 128 : 0;
        var rest = bytes[..^tail];
        if (rest.Length >= 32 && rest[^32..^24].SequenceEqual("APETAGEX"u8))
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(rest[^20..]);
            var hasHeader = (BinaryPrimitives.ReadUInt32LittleEndian(rest[^12..]) & 0x8000_0000) != 0;
            var whole = size + (hasHeader ? 32L : 0);
            tail += (int)Math.Min(whole, rest.Length);
        }

        return tail;
    }
}
