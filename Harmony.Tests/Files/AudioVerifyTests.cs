using Harmony.Jobs.Files;

namespace Harmony.Tests.Files;

[TestClass]
public sealed class AudioVerifyTests
{
    [TestMethod]
    [DataRow("tone.flac", "FLAC", 3.0)]
    [DataRow("tone.mp3", "MP3", 3.0)]
    [DataRow("tone-vbr.mp3", "MP3", 3.0)]
    [DataRow("tone.m4a", "M4A", 3.0)]
    [DataRow("tone-alac.m4a", "ALAC", 1.0)]
    [DataRow("tone.ogg", "OGG", 3.0)]
    public void Intact_files_pass_with_their_format_and_length(string fixture, string format, double seconds)
    {
        var verdict = AudioVerify.Check(Fixture.PathOf(fixture), new FileInfo(Fixture.PathOf(fixture)).Length, TimeSpan.FromSeconds(seconds));

        Assert.AreEqual((true, null, format), (verdict.Ok, verdict.ReasonCode, verdict.Format), verdict.Sentence);
        Assert.AreEqual(seconds, verdict.Duration.TotalSeconds, 0.15);
    }

    [TestMethod]
    public void A_missing_file_is_reported_missing() =>
        Assert.AreEqual("missing", AudioVerify.Check(Fixture.PathOf("gone.flac"), null, null).ReasonCode);

    [TestMethod]
    public void A_size_below_the_promise_is_a_mismatch() =>
        Assert.AreEqual("size_mismatch", AudioVerify.Check(Fixture.PathOf("tone.flac"), new FileInfo(Fixture.PathOf("tone.flac")).Length + 1, null).ReasonCode);

    [TestMethod]
    public void A_length_unlike_the_track_is_a_mismatch() =>
        Assert.AreEqual("duration_mismatch", AudioVerify.Check(Fixture.PathOf("tone.flac"), null, TimeSpan.FromSeconds(10)).ReasonCode);

    [TestMethod]
    [DataRow("tone.mp3", "FLAC", "format_not_wanted")]
    [DataRow("tone.mp3", "FLAC MP3", null)]
    [DataRow("tone.m4a", "FLAC ALAC", "format_not_wanted")]
    [DataRow("tone-alac.m4a", "ALAC", null)]
    public void Only_wanted_formats_are_taken(string fixture, string wanted, string? reason) =>
        Assert.AreEqual(reason, AudioVerify.Check(Fixture.PathOf(fixture), null, null, wanted.Split(' ')).ReasonCode);

    [TestMethod]
    [DataRow("MZ\u0090 this program cannot be run")]
    [DataRow("<html>not found</html>")]
    [DataRow("x")]
    public void Unknown_first_bytes_are_an_unknown_format(string content)
    {
        using var scratch = new ScratchFolder();

        Assert.AreEqual("unknown_format", AudioVerify.Check(scratch.Write("song.flac", content), null, null).ReasonCode);
    }

    [TestMethod]
    [DataRow("tone.flac")]
    [DataRow("tone.mp3")]
    public void Zeros_in_the_middle_are_corrupt(string fixture)
    {
        using var scratch = new ScratchFolder();
        var bytes = Fixture.Bytes(fixture);
        Array.Clear(bytes, bytes.Length / 3, 8000);
        File.WriteAllBytes(scratch.At(fixture), bytes);

        var verdict = AudioVerify.Check(scratch.At(fixture), bytes.Length, null);

        Assert.AreEqual("corrupt", verdict.ReasonCode);
        Assert.IsNotNull(verdict.Sentence);
    }

    [TestMethod]
    [DataRow("tone.flac", 1)]
    [DataRow("tone.mp3", 2)]
    [DataRow("tone.m4a", 3)]
    [DataRow("tone-alac.m4a", 4)]
    [DataRow("tone.ogg", 5)]
    public void Damaged_files_get_a_verdict_and_no_exception(string fixture, int seed)
    {
        using var scratch = new ScratchFolder();
        var whole = Fixture.Bytes(fixture);
        var random = new Random(seed);
        for (var round = 0; round < 150; round++)
        {
            var bytes = round % 3 == 0 ? whole[..random.Next(4, whole.Length)] : (byte[])whole.Clone();
            for (var hit = 0; hit < 1 + (round % 20); hit++)
                bytes[random.Next(Math.Min(bytes.Length, round % 2 == 0 ? 400 : bytes.Length))] = (byte)random.Next(256);

            File.WriteAllBytes(scratch.At(fixture), bytes);
            var verdict = AudioVerify.Check(scratch.At(fixture), bytes.Length, null);

            Assert.AreEqual(verdict.Ok, verdict.Sentence is null, $"round {round}");
        }
    }

    [TestMethod]
    public void Tags_around_mp3_frames_are_not_audio()
    {
        var bytes = Fixture.Bytes("tone.mp3");
        var walk = Mp3Walk.Of([.. "ID3"u8, 4, 0, 0, 0, 0, 0, 5, 0xFF, 0xFB, 1, 2, 3, .. bytes.AsSpan(Id3Length(bytes)), .. "TAG"u8, .. new byte[125]]);

        Assert.AreEqual((0L, Mp3Walk.Of(bytes).Frames), (walk.StrayBytes, walk.Frames));
    }

    private static int Id3Length(byte[] bytes) => bytes is [(byte)'I', (byte)'D', (byte)'3', ..] ? 10 + (bytes[8] << 7) + bytes[9] : 0;
}
