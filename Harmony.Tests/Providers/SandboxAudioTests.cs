using System.Buffers.Binary;
using System.Security.Cryptography;
using Harmony.Sandbox.Audio;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SandboxAudioTests
{
    private static readonly AudioPress Press = new();

    [TestMethod]
    public void Checksums_match_their_published_test_values()
    {
        Assert.AreEqual(0xF4, FlacCrc.Crc8("123456789"u8));
        Assert.AreEqual(0xFEE8, FlacCrc.Crc16("123456789"u8));
    }

    [TestMethod]
    [DataRow(20_010)]
    [DataRow(33_330)]
    [DataRow(39_990)]
    public void A_FLAC_file_decodes_to_its_source(int durationMs)
    {
        var tune = Melody.Play("a tune", durationMs);
        var file = FlacEncoder.Encode(tune, ["TITLE=å tune"]);
        Assert.AreEqual(FlacEncoder.SizeOf(tune.Length, ["TITLE=å tune"]), file.Length);
        var decoded = Decode(file);
        CollectionAssert.AreEqual(tune, decoded);
        var pcm = new byte[decoded.Length * 2];
        for (var i = 0; i < decoded.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(pcm.AsSpan(i * 2), decoded[i]);
        CollectionAssert.AreEqual(MD5.HashData(pcm), file[26..42]);
    }

    [TestMethod]
    [DataRow("Flac")]
    [DataRow("Mp3High")]
    [DataRow("Mp3Low")]
    [DataRow("Ogg")]
    [DataRow("M4a")]
    public void The_size_is_predictable_and_the_bytes_are_deterministic(string encoding)
    {
        var recording = new Recording("key", "Smörgås 🌊", "Someone", 24_680, Enum.Parse<AudioEncoding>(encoding));
        var bytes = Press.Press(recording);
        Assert.AreEqual(Press.SizeOf(recording), bytes.Length);
        CollectionAssert.AreEqual(bytes, new AudioPress().Press(recording));
        Assert.IsLessThan(2_000_000, bytes.Length);
    }

    [TestMethod]
    public void Different_recordings_have_different_tunes()
        => CollectionAssert.AreNotEqual(Melody.Play("one", 20_000), Melody.Play("two", 20_000));

    // A reader for exactly what our encoder may write; it checks both checksums of every frame.
    private static short[] Decode(byte[] file)
    {
        Assert.IsTrue(file.AsSpan().StartsWith("fLaC"u8));
        var at = 4;
        for (var last = false; !last; at += 4 + ((file[at + 1] << 16) | (file[at + 2] << 8) | file[at + 3]))
            last = (file[at] & 0x80) != 0;
        var samples = new List<short>();
        while (at < file.Length)
            at = DecodeFrame(file, at, samples);
        return [.. samples];
    }

    private static int DecodeFrame(byte[] file, int start, List<short> samples)
    {
        Assert.AreEqual(0xFFF8, (file[start] << 8) | file[start + 1]);
        var at = start + 4;
        at += file[at] switch { < 0x80 => 1, < 0xE0 => 2, _ => 3 };
        var size = 4096;
        if (file[start + 2] >> 4 == 0b0111)
        {
            size = ((file[at] << 8) | file[at + 1]) + 1;
            at += 2;
        }
        Assert.AreEqual(FlacCrc.Crc8(file.AsSpan(start, at - start)), file[at]);
        var bit = (at + 1) * 8;
        var order = (Read(8) >> 1) & 7;
        var first = samples.Count;
        for (var i = 0; i < order; i++)
            samples.Add((short)Read(16));
        Assert.AreEqual(0b1111, Read(10));
        var width = Read(5);
        for (var i = order; i < size; i++)
        {
            var residual = (Read(width) << (32 - width)) >> (32 - width);
            samples.Add((short)(order == 0 ? residual : residual + (2 * samples[first + i - 1]) - samples[first + i - 2]));
        }
        var end = (bit + 7) / 8;
        Assert.AreEqual(FlacCrc.Crc16(file.AsSpan(start, end - start)), (file[end] << 8) | file[end + 1]);
        return end + 2;

        int Read(int count)
        {
            var value = 0;
            for (; count > 0; count--, bit++)
                value = (value << 1) | ((file[bit / 8] >> (7 - (bit % 8))) & 1);
            return value;
        }
    }
}
