using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Harmony.Sandbox.Audio;

/// <summary>
/// FLAC, mono, 16 bit, 44.1 kHz. The soft tone's second differences fit five bits, so each residual is written raw in five
/// (an escaped Rice partition): the size of a file is known from its length alone, without encoding it.
/// </summary>
internal static class FlacEncoder
{
    public const int SampleRate = 44_100;
    private const int BlockSize = 4096;
    private const int ResidualBits = 5;
    private const int Order = 2;
    private const string Vendor = "harmony sandbox";

    public static byte[] Encode(short[] samples, IReadOnlyList<string> comments)
    {
        var writer = new BitWriter((int)SizeOf(samples.Length, comments));
        writer.Put("fLaC"u8);
        WriteStreamInfo(writer, samples);
        WriteComments(writer, comments);
        for (int frame = 0, at = 0; at < samples.Length; frame++, at += BlockSize)
            WriteFrame(writer, samples.AsSpan(at, Math.Min(BlockSize, samples.Length - at)), frame);
        return writer.ToArray();
    }

    public static long SizeOf(int samples, IReadOnlyList<string> comments)
    {
        var size = 4L + 4 + 34 + 4 + CommentLength(comments);
        for (int frame = 0, at = 0; at < samples; frame++, at += BlockSize)
        {
            var block = Math.Min(BlockSize, samples - at);
            var order = OrderOf(block);
            var header = 4 + NumberLength(frame) + (block == BlockSize ? 0 : 2) + 1;
            var body = 8 + (order * 16) + 6 + 4 + 5 + ((block - order) * ResidualBits);
            size += header + ((body + 7) / 8) + 2;
        }
        return size;
    }

    private static int OrderOf(int block) => block > Order ? Order : 0;

    private static void WriteStreamInfo(BitWriter writer, short[] samples)
    {
        var pcm = new byte[samples.Length * 2];
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(pcm.AsSpan(i * 2), samples[i]);
        writer.Put(0, 8);
        writer.Put(34, 24);
        writer.Put(BlockSize, 16);
        writer.Put(BlockSize, 16);
        writer.Put(0, 24);
        writer.Put(0, 24);
        writer.Put(SampleRate, 20);
        writer.Put(0, 3);
        writer.Put(15, 5);
        writer.Put(0, 4);
        writer.Put((uint)samples.Length, 32);
        writer.Put(MD5.HashData(pcm));
    }

    private static int CommentLength(IReadOnlyList<string> comments)
        => 4 + Encoding.UTF8.GetByteCount(Vendor) + 4 + comments.Sum(comment => 4 + Encoding.UTF8.GetByteCount(comment));

    private static void WriteComments(BitWriter writer, IReadOnlyList<string> comments)
    {
        writer.Put(0x84, 8);
        writer.Put((uint)CommentLength(comments), 24);
        PutText(writer, Vendor);
        PutLength(writer, comments.Count);
        foreach (var comment in comments)
            PutText(writer, comment);
    }

    private static void PutText(BitWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        PutLength(writer, bytes.Length);
        writer.Put(bytes);
    }

    // Vorbis comments count in little-endian, unlike the rest of FLAC.
    private static void PutLength(BitWriter writer, int length) => writer.Put(BinaryPrimitives.ReverseEndianness((uint)length), 32);

    private static void WriteFrame(BitWriter writer, ReadOnlySpan<short> block, int number)
    {
        var start = writer.Length;
        var whole = block.Length == BlockSize;
        writer.Put(0xFFF8, 16);
        writer.Put(whole ? 0b1100u : 0b0111u, 4);
        writer.Put(0b1001, 4);
        writer.Put(0, 4);
        writer.Put(0b100, 3);
        writer.Put(0, 1);
        PutNumber(writer, number);
        if (!whole)
            writer.Put((uint)block.Length - 1, 16);
        writer.Put(FlacCrc.Crc8(writer.Since(start)), 8);
        WriteSubframe(writer, block);
        writer.Align();
        writer.Put(FlacCrc.Crc16(writer.Since(start)), 16);
    }

    private static void WriteSubframe(BitWriter writer, ReadOnlySpan<short> block)
    {
        var order = OrderOf(block.Length);
        writer.Put((uint)(0b0_001000_0 | (order << 1)), 8);
        for (var i = 0; i < order; i++)
            writer.Put((ushort)block[i], 16);
        writer.Put(0, 2);
        writer.Put(0, 4);
        writer.Put(0b1111, 4);
        writer.Put(ResidualBits, 5);
        for (var i = order; i < block.Length; i++)
        {
            var residual = order == 0 ? block[i] : block[i] - (2 * block[i - 1]) + block[i - 2];
            if (residual is < -16 or > 15)
                throw new InvalidOperationException("the tone is too loud or too high for its five bits");
            writer.Put((uint)residual, ResidualBits);
        }
    }

    private static int NumberLength(int number) => number < 0x80 ? 1 : number < 0x800 ? 2 : 3;

    private static void PutNumber(BitWriter writer, int number)
    {
        switch (NumberLength(number))
        {
            case 1:
                writer.Put((uint)number, 8);
                break;
            case 2:
                writer.Put((uint)(0xC0 | (number >> 6)), 8);
                writer.Put((uint)(0x80 | (number & 0x3F)), 8);
                break;
            default:
                writer.Put((uint)(0xE0 | (number >> 12)), 8);
                writer.Put((uint)(0x80 | ((number >> 6) & 0x3F)), 8);
                writer.Put((uint)(0x80 | (number & 0x3F)), 8);
                break;
        }
    }
}
