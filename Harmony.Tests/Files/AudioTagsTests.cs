using Harmony.Jobs.Files;
using Harmony.Jobs.Providers.Artwork;
using Harmony.Orchestrator;

namespace Harmony.Tests.Files;

[TestClass]
public sealed class AudioTagsTests
{
    private static readonly TrackTags Whole = new(
        "Erstes Licht — 光",
        ["Sigur Rós", "Gast"],
        ["Sigur Rós"],
        "Ágætis",
        3,
        12,
        2,
        2,
        "2024-03-01",
        "DEABC2400001",
        ["Post-Rock", "Ambient"],
        "℗ 2024 Nobody",
        "J. Composer",
        "from a test",
        "0123456789abcdefABCDEF",
        "line one\nline two",
        new Cover(Fixture.Bytes("cover.jpg"), "image/jpeg", 48, 32));

    [TestMethod]
    [DataRow("tone.flac")]
    [DataRow("tone.mp3")]
    [DataRow("tone.m4a")]
    [DataRow("tone-alac.m4a")]
    [DataRow("tone.ogg")]
    public void Written_tags_are_read_back(string fixture)
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Copy(fixture);

        AudioTags.Write(path, Whole);
        var read = AudioTags.Read(path);

        Assert.AreEqual(Flat(Whole), Flat(read));
        CollectionAssert.AreEqual(Whole.Cover!.Bytes, read.Cover!.Bytes);
        Assert.AreEqual((48, 32, "image/jpeg"), (read.Cover.Width, read.Cover.Height, read.Cover.MimeType));
    }

    [TestMethod]
    [DataRow("tone.flac")]
    [DataRow("tone.mp3")]
    [DataRow("tone.m4a")]
    [DataRow("tone.ogg")]
    public void Tags_leave_the_audio_unchanged(string fixture)
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Copy(fixture);
        var before = AudioVerify.Check(path, null, null);

        AudioTags.Write(path, Whole);

        Assert.AreEqual(before, AudioVerify.Check(path, null, null));
        Assert.IsTrue(before.Ok);
    }

    [TestMethod]
    [DataRow("tone.flac")]
    [DataRow("tone.mp3")]
    [DataRow("tone.m4a")]
    public void A_null_field_keeps_the_tag_of_the_file(string fixture)
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Copy(fixture);
        AudioTags.Write(path, Whole);

        AudioTags.Write(path, new TrackTags(Copyright: "another"));

        Assert.AreEqual(Flat(Whole with { Copyright = "another" }), Flat(AudioTags.Read(path)));
        Assert.IsNotNull(AudioTags.Read(path).Cover);
    }

    [TestMethod]
    [DataRow("tone.flac")]
    [DataRow("tone.mp3")]
    [DataRow("tone.m4a")]
    [DataRow("tone.ogg")]
    public void Fields_of_the_peer_are_removed_and_the_rest_stays(string fixture)
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Copy(fixture);
        AudioTags.Write(path, Whole with { Comment = "ripped by a stranger" });

        AudioTags.RemovePeerFields(path);

        Assert.AreEqual(Flat(Whole with { Comment = null }), Flat(AudioTags.Read(path)));
        Assert.IsLessThan(0, File.ReadAllBytes(path).AsSpan().IndexOf("ripped by a stranger"u8));
    }

    [TestMethod]
    public void A_picture_of_a_flac_has_its_measures()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Copy("tone.flac");

        AudioTags.Write(path, new TrackTags(Cover: new Cover(Fixture.Bytes("cover.jpg"), "image/jpeg", 48, 32)));

        // After the type, the MIME type and the description: width, height and colour depth, four bytes each.
        var bytes = File.ReadAllBytes(path).AsSpan();
        var measures = bytes[(bytes.IndexOf("image/jpeg"u8) + "image/jpeg".Length + 4)..];
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0, 48, 0, 0, 0, 32, 0, 0, 0, 24 }, measures[..12].ToArray());
    }

    [TestMethod]
    public void A_second_cover_replaces_the_first()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Copy("tone.flac");
        AudioTags.Write(path, Whole);
        var size = new FileInfo(path).Length;

        AudioTags.Write(path, Whole);

        Assert.AreEqual(size, new FileInfo(path).Length);
    }

    [TestMethod]
    public void An_unsupported_cover_is_refused_without_a_write()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Copy("tone.flac");

        var refused = Assert.ThrowsExactly<PermanentJobException>(() =>
            AudioTags.Write(path, new TrackTags(Cover: new Cover(Fixture.Bytes("cover.webp"), "image/webp", 48, 32))));

        Assert.AreEqual("not_an_image", refused.ReasonCode);
        CollectionAssert.AreEqual(Fixture.Bytes("tone.flac"), File.ReadAllBytes(path));
    }

    [TestMethod]
    public void Custom_fields_of_an_m4a_have_version_and_flags()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Copy("tone.m4a");

        AudioTags.Write(path, Whole);
        AudioTags.Write(path, Whole with { Isrc = "DEABC2400002" });

        var bytes = File.ReadAllBytes(path).AsSpan();
        // A name box is "name", four bytes of version and flags that readers skip, and the text.
        var text = bytes.IndexOf("ISRC"u8);
        Assert.IsGreaterThan(8, text);
        Assert.IsTrue(bytes[(text - 8)..].StartsWith("name"u8));
        Assert.IsLessThan(0, bytes[(text + 4)..].IndexOf("ISRC"u8), "the field is there twice");
        Assert.AreEqual("DEABC2400002", AudioTags.Read(path).Isrc);
    }

    [TestMethod]
    public void A_wrong_extension_is_ignored()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Copy("tone.mp3", "really.flac");

        AudioTags.Write(path, new TrackTags(Title: "MP3 after all"));

        Assert.AreEqual("MP3 after all", AudioTags.Read(path).Title);
    }

    private static string Flat(TrackTags tags) => string.Join(" | ",
        tags.Title, string.Join(';', tags.Artist ?? []), string.Join(';', tags.AlbumArtist ?? []), tags.Album, tags.TrackNumber, tags.TrackCount,
        tags.DiscNumber, tags.DiscCount, tags.Date, tags.Isrc, string.Join(';', tags.Genres ?? []), tags.Copyright, tags.Composer, tags.Comment, tags.SpotifyTrackId,
        tags.Lyrics?.ReplaceLineEndings("\n"));
}
