using System.Buffers.Binary;

namespace Harmony.Jobs.Files.Flac;

/// <summary>The stream info of a FLAC file. Zero samples or an MD5 of zeros mean: unknown.</summary>
internal sealed record FlacStreamInfo(int MinBlock, int MaxBlock, int SampleRate, int Channels, int BitsPerSample, long TotalSamples, byte[] Md5)
{
    private const int Bytes = 34;

    public bool HasMd5 => Array.Exists(Md5, value => value != 0);

    /// <summary>Reads all metadata blocks and leaves the stream at the first frame.</summary>
    public static FlacStreamInfo Read(Stream file)
    {
        SkipId3(file);
        var head = new byte[4];
        if (file.ReadAtLeast(head, 4, throwOnEndOfStream: false) < 4 || !head.AsSpan().SequenceEqual("fLaC"u8))
            throw new FlacFault("it does not begin as FLAC");

        FlacStreamInfo? info = null;
        bool last;
        do
        {
            Fill(file, head);
            last = (head[0] & 0x80) != 0;
            var (type, length) = (head[0] & 0x7F, (head[1] << 16) | (head[2] << 8) | head[3]);
            if (length > file.Length - file.Position || type == 127)
                throw new FlacFault("a metadata block is longer than the file");

            if (info is null)
                info = type == 0 && length == Bytes ? Parse(file) : throw new FlacFault("its first block is no STREAMINFO");
            else
                file.Position += length;
        }
        while (!last);

        return info;
    }

    private static FlacStreamInfo Parse(Stream file)
    {
        var block = new byte[Bytes];
        Fill(file, block);
        // 20 bits of rate, 3 of channels − 1, 5 of depth − 1, 36 of samples.
        var packed = BinaryPrimitives.ReadUInt64BigEndian(block.AsSpan(10));
        var info = new FlacStreamInfo(
            BinaryPrimitives.ReadUInt16BigEndian(block),
            BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(2)),
            (int)(packed >> 44),
            1 + (int)((packed >> 41) & 7),
            1 + (int)((packed >> 36) & 31),
            (long)(packed & 0xF_FFFF_FFFF),
            block[18..]);
        return info is { SampleRate: > 0, BitsPerSample: >= 4, MaxBlock: >= 16 } && info.MinBlock <= info.MaxBlock
            ? info
            : throw new FlacFault("its STREAMINFO makes no sense");
    }

    // Not part of FLAC, but some taggers put one in front; players skip it.
    private static void SkipId3(Stream file)
    {
        var head = new byte[Id3Tag.HeaderBytes];
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var length = Id3Tag.Length(head.AsSpan(0, read));
        file.Position = length <= file.Length ? length : throw new FlacFault("the tag in front of it is longer than the file");
    }

    private static void Fill(Stream file, byte[] buffer)
    {
        if (file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
            throw new FlacFault("the file ends inside its metadata");
    }
}
