namespace Harmony.Jobs.Files.Flac;

/// <summary>The header of one frame. <c>Position</c> counts frames, or samples where blocks vary in length.</summary>
internal readonly record struct FlacFrameHeader(bool VariableBlocks, int BlockSize, int ChannelMode, int Channels, int BitsPerSample, long Position, int Bytes)
{
    public const int LeftSide = 8;
    public const int SideRight = 9;
    public const int MidSide = 10;

    private static readonly int[] Depths = [0, 8, 12, 0, 16, 20, 24, 32];

    public static FlacFrameHeader Read(ReadOnlySpan<byte> bytes, FlacStreamInfo info)
    {
        var bits = new FlacBits(bytes);
        if (bits.Read(14) != 0x3FFE || bits.Read(1) != 0)
            throw new FlacFault("the next frame is not where it should be");

        var variable = bits.Read(1) == 1;
        var (block, rate, mode, depth) = ((int)bits.Read(4), (int)bits.Read(4), (int)bits.Read(4), (int)bits.Read(3));
        if (bits.Read(1) != 0 || block == 0 || rate == 15 || mode > MidSide || depth == 3)
            throw new FlacFault("a frame's header holds reserved values");

        var position = ReadNumber(ref bits);
        var size = BlockSizeOf(block, ref bits);
        bits.Read(rate switch { 12 => 8, 13 or 14 => 16, _ => 0 });
        var length = bits.Position;
        if (bits.Read(8) != FlacCrc.Crc8(bytes[..length]))
            throw new FlacFault("the checksum of a frame's header is wrong");

        var header = new FlacFrameHeader(variable, size, mode, mode < LeftSide ? mode + 1 : 2, depth == 0 ? info.BitsPerSample : Depths[depth], position, length + 1);
        return header.Channels == info.Channels && header.BitsPerSample == info.BitsPerSample
            ? header
            : throw new FlacFault("a frame has other channels or another depth than the file");
    }

    private static int BlockSizeOf(int code, ref FlacBits bits) => code switch
    {
        1 => 192,
        <= 5 => 576 << (code - 2),
        6 => (int)bits.Read(8) + 1,
        7 => (int)bits.Read(16) + 1,
        _ => 256 << (code - 8),
    };

    // Encoded like a UTF-8 character, up to seven bytes long.
    private static long ReadNumber(ref FlacBits bits)
    {
        var first = bits.Read(8);
        if (first < 0x80)
            return first;

        var more = System.Numerics.BitOperations.LeadingZeroCount(~(first << 24)) - 1;
        if (more is < 1 or > 6)
            throw new FlacFault("a frame's number is not readable");

        long number = first & (0x3Fu >> more);
        for (var index = 0; index < more; index++)
        {
            var next = bits.Read(8);
            number = (next & 0xC0) == 0x80 ? (number << 6) | (next & 0x3F) : throw new FlacFault("a frame's number is not readable");
        }

        return number;
    }
}
