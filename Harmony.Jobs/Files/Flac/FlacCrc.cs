namespace Harmony.Jobs.Files.Flac;

/// <summary>FLAC's two checksums: polynomial 07 over a frame's header, 8005 over the whole frame; both start at zero, nothing reflected.</summary>
internal static class FlacCrc
{
    private static readonly byte[] Table8 = Table(0x07, 8).Select(value => (byte)value).ToArray();
    private static readonly ushort[] Table16 = Table(0x8005, 16);

    public static byte Crc8(ReadOnlySpan<byte> bytes)
    {
        byte crc = 0;
        foreach (var value in bytes)
            crc = Table8[crc ^ value];

        return crc;
    }

    public static ushort Crc16(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0;
        foreach (var value in bytes)
            crc = (ushort)((crc << 8) ^ Table16[(crc >> 8) ^ value]);

        return crc;
    }

    private static ushort[] Table(int polynomial, int width)
    {
        var table = new ushort[256];
        for (var index = 0; index < 256; index++)
        {
            var crc = index << (width - 8);
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & (1 << (width - 1))) != 0 ? (crc << 1) ^ polynomial : crc << 1;

            table[index] = (ushort)crc;
        }

        return table;
    }
}
