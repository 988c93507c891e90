using Harmony.Jobs.Files.Flac;

namespace Harmony.Tests.Files;

[TestClass]
public sealed class FlacCheckTests
{
    private static readonly long[] Left = [.. Enumerable.Range(0, 192).Select(at => (long)(9000 * Math.Sin(at / 9.0)))];
    private static readonly long[] Right = [.. Enumerable.Range(0, 192).Select(at => (long)(-7000 * Math.Cos(at / 5.0)) | 1)];
    private static readonly long[] Even = [.. Left.Select(sample => sample & ~3L)];

    [TestMethod]
    public void Every_subframe_type_decodes_to_its_samples()
    {
        var file = new FlacBuilder(1, 16)
            .Frame(0, FlacBuilder.Verbatim, Left)
            .Frame(0, FlacBuilder.Constant, [.. Enumerable.Repeat(-5L, 192)])
            .Frame(0, FlacBuilder.FixedWithRice, Left)
            .Frame(0, FlacBuilder.PredictedWithEscape, Right)
            .Frame(0, FlacBuilder.WithWastedBits, Even)
            .ToArray();

        Assert.AreEqual(new FlacFinding(null, TimeSpan.FromSeconds(5 * 192 / 22_050.0)), Check(file));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(8)]
    [DataRow(9)]
    [DataRow(10)]
    public void Every_stereo_mode_decodes(int mode)
    {
        var file = new FlacBuilder(2, 16).Frame(mode, FlacBuilder.Verbatim, Left, Right).Frame(mode, FlacBuilder.FixedWithRice, Right, Left).ToArray();

        Assert.IsNull(Check(file).Fault);
    }

    [TestMethod]
    [DataRow(8)]
    [DataRow(24)]
    [DataRow(32)]
    public void Bit_depths_from_8_to_32_decode(int depth)
    {
        var edge = Enumerable.Range(0, 192).Select(at => at % 2 == 0 ? -(1L << (depth - 1)) : (1L << (depth - 1)) - 1).ToArray();
        var file = new FlacBuilder(2, depth).Frame(10, FlacBuilder.Verbatim, edge, [.. edge.Reverse()]).ToArray();

        Assert.IsNull(Check(file).Fault);
    }

    [TestMethod]
    public void A_flipped_bit_in_any_frame_is_found()
    {
        var file = new FlacBuilder(2, 16).Frame(10, FlacBuilder.FixedWithRice, Left, Right).Frame(1, FlacBuilder.Verbatim, Left, Right).ToArray();
        for (var bit = 42 * 8; bit < file.Length * 8; bit += 7)
        {
            var broken = (byte[])file.Clone();
            broken[bit / 8] ^= (byte)(0x80 >> (bit % 8));

            Assert.IsNotNull(Check(broken).Fault, $"bit {bit} was flipped and nobody noticed");
        }
    }

    [TestMethod]
    public void A_file_truncated_at_any_byte_is_found()
    {
        var file = new FlacBuilder(1, 16).Frame(0, FlacBuilder.FixedWithRice, Left).Frame(0, FlacBuilder.FixedWithRice, Right).ToArray();
        for (var length = 0; length < file.Length; length++)
            Assert.IsNotNull(Check(file[..length]).Fault, $"{length} of {file.Length} bytes passed for whole");
    }

    [TestMethod]
    public void A_missing_frame_is_found_by_its_number()
    {
        var whole = new FlacBuilder(1, 16).Frame(0, FlacBuilder.Verbatim, Left).Frame(0, FlacBuilder.Verbatim, Right).ToArray();
        var frame = (whole.Length - 42) / 2;

        Assert.AreEqual("frame 0 is missing or out of order", Check([.. whole[..42], .. whole[(42 + frame)..]]).Fault);
    }

    [TestMethod]
    public void Fewer_samples_than_promised_are_found() =>
        Assert.AreEqual("it holds 192 samples of the 500 it promises", Check(new FlacBuilder(1, 16).Frame(0, FlacBuilder.Verbatim, Left).ToArray(promisedSamples: 500)).Fault);

    [TestMethod]
    public void An_md5_mismatch_is_found() =>
        Assert.AreEqual("its sound does not have the MD5 it promises", Check(new FlacBuilder(1, 16).Frame(0, FlacBuilder.Verbatim, Left).ToArray(md5: [.. Enumerable.Repeat((byte)7, 16)])).Fault);

    [TestMethod]
    public void A_file_without_length_or_md5_passes() =>
        Assert.IsNull(Check(new FlacBuilder(1, 16).Frame(0, FlacBuilder.Verbatim, Left).ToArray(promisedSamples: 0, md5: new byte[16])).Fault);

    [TestMethod]
    public void A_picture_block_longer_than_the_file_is_found()
    {
        var file = new FlacBuilder(1, 16).Frame(0, FlacBuilder.Verbatim, Left).ToArray();
        file[4] = 0;
        byte[] hostile = [.. file[..42], 0x86, 0xFF, 0xFF, 0xFF, .. file[42..]];

        Assert.AreEqual("a metadata block is longer than the file", Check(hostile).Fault);
    }

    [TestMethod]
    public void Foreign_tags_around_the_frames_are_no_fault()
    {
        var file = new FlacBuilder(1, 16).Frame(0, FlacBuilder.Verbatim, Left).ToArray();

        Assert.IsNull(Check([.. "ID3"u8, 4, 0, 0, 0, 0, 0, 3, 1, 2, 3, .. file, .. "TAG"u8, .. new byte[125]]).Fault);
    }

    [TestMethod]
    [DataRow("tone.flac", 3)]
    [DataRow("tone-24bit.flac", 1)]
    public void Files_of_the_reference_encoder_decode(string name, int seconds)
    {
        using var file = Fixture.Open(name);

        Assert.AreEqual(new FlacFinding(null, TimeSpan.FromSeconds(seconds)), FlacCheck.Run(file));
    }

    private static FlacFinding Check(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return FlacCheck.Run(stream);
    }
}
