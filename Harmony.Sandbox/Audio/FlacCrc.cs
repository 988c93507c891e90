namespace Harmony.Sandbox.Audio;

/// <summary>The two checksums of a FLAC frame: polynomials 0x07 and 0x8005, both from zero.</summary>
internal static class FlacCrc
{
    private static readonly byte[] Table8 = MakeTable8();
    private static readonly ushort[] Table16 = MakeTable16();

    public static byte Crc8(ReadOnlySpan<byte> bytes)
    {
        byte crc = 0;
        foreach (var octet in bytes)
            crc = Table8[crc ^ octet];
        return crc;
    }

    public static ushort Crc16(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0;
        foreach (var octet in bytes)
            crc = (ushort)((crc << 8) ^ Table16[(crc >> 8) ^ octet]);
        return crc;
    }

    private static byte[] MakeTable8()
    {
        var table = new byte[256];
        for (var i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x80) == 0 ? crc << 1 : (crc << 1) ^ 0x107;
            table[i] = (byte)crc;
        }
        return table;
    }

    private static ushort[] MakeTable16()
    {
        var table = new ushort[256];
        for (var i = 0; i < 256; i++)
        {
            var crc = i << 8;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ 0x18005;
            table[i] = (ushort)crc;
        }
        return table;
    }
}
