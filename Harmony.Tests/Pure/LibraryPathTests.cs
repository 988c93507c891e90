using System.Text;
using Harmony.Jobs.Files;
using Harmony.Orchestrator;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class LibraryPathTests
{
    private static readonly LibraryPath Default = new("/music", LibraryPath.DefaultTemplate);

    [TestMethod]
    public void The_default_is_artist_album_number_and_title() =>
        Assert.AreEqual("/music/Sigur Rós/Ágætis byrjun/03 - Starálfur.flac", Default.For(new ShelfTrack("Sigur Rós", "Ágætis byrjun", "Starálfur", 3, ".flac")));

    [TestMethod]
    public void Discs_missing_from_the_template_prefix_the_number() =>
        Assert.AreEqual("/music/A/B/2-01 - Intro.mp3", Default.For(new ShelfTrack("A", "B", "Intro", 1, "MP3", DiscNumber: 2, DiscCount: 2)));

    [TestMethod]
    [DataRow("{AlbumArtist}/{Year} - {Album}/{Disc}-{Track:02d} {Title}.{ext}", "/music/Various/1999 - B/1-04 C.flac")]
    [DataRow("/music/{Artist}/{Track:3} {Title}.{ext}", "/music/A/004 C.flac")]
    public void Other_templates_choose_their_fields(string template, string path) =>
        Assert.AreEqual(path, new LibraryPath("/music/", template).For(new ShelfTrack("A", "B", "C", 4, "flac", "Various", Date: "1999-07")));

    [TestMethod]
    [DataRow("")]
    [DataRow("{Artist}/{Songname}.{ext}")]
    [DataRow("{artist}/{Title}.{ext}")]
    [DataRow("/elsewhere/{Title}.{ext}")]
    [DataRow("../{Title}.{ext}")]
    [DataRow("{Artist}//{Title}.{ext}")]
    [DataRow("{Artist}/{Album}")]
    [DataRow("{Artist}/{Title}.flac")]
    [DataRow("{Artist}/{NN}.{ext}")]
    [DataRow("{Artist/{Title}.{ext}")]
    [DataRow("{Artist}\\{Title}.{ext}")]
    public void An_invalid_template_fails_the_start_and_is_named(string template) =>
        Assert.Contains("MOVE_TEMPLATE", Assert.ThrowsExactly<ArgumentException>(() => new LibraryPath("/music", template)).Message, StringComparison.Ordinal);

    [TestMethod]
    [DataRow("../../etc/cron.d/x")]
    [DataRow("..\\..\\windows")]
    [DataRow("/abs")]
    [DataRow("C:\\x")]
    [DataRow("a\0b")]
    [DataRow("..")]
    [DataRow(".")]
    [DataRow("...")]
    [DataRow(" ")]
    [DataRow("")]
    [DataRow(".harmony")]
    [DataRow("CON")]
    [DataRow("nul.txt")]
    [DataRow("LPT1 .x")]
    [DataRow("trailing. . .")]
    [DataRow("new\nline\u001b[31m")]
    [DataRow("\u202Egpj.exe")]
    [DataRow("zero\u200Bwidth\uFEFF")]
    [DataRow("half \uD800 pair")]
    [DataRow("😀 مرحبا 音楽")]
    public void Hostile_names_stay_one_part_under_the_root(string hostile)
    {
        var path = Default.For(new ShelfTrack(hostile, hostile, hostile, 1, "flac"));
        var parts = path["/music/".Length..].Split('/');

        Assert.AreEqual(Path.GetFullPath(path), path);
        Assert.HasCount(3, parts);
        foreach (var part in parts)
        {
            Assert.IsFalse(part.StartsWith('.') || part.EndsWith('.') || part.EndsWith(' ') || part.StartsWith(' '), part);
            Assert.IsFalse(part.Any(c => char.IsControl(c) || "\\:*?\"<>|\u200B\u202E\uFEFF".Contains(c, StringComparison.Ordinal)), part);
            Assert.IsFalse(part.Split('.')[0].TrimEnd().ToUpperInvariant() is "CON" or "NUL" or "LPT1", part);
            Assert.IsLessThanOrEqualTo(255, Encoding.UTF8.GetByteCount(part));
        }
    }

    [TestMethod]
    [DataRow("a")]
    [DataRow("é")]
    [DataRow("音")]
    [DataRow("😀")]
    public void Long_names_are_cut_between_characters_and_stay_unique(string letter)
    {
        var one = Default.For(new ShelfTrack("A", "B", string.Concat(Enumerable.Repeat(letter, 300)) + "1", 1, "flac"));
        var other = Default.For(new ShelfTrack("A", "B", string.Concat(Enumerable.Repeat(letter, 300)) + "2", 1, "flac"));

        Assert.AreNotEqual(one, other);
        Assert.IsLessThanOrEqualTo(255, Encoding.UTF8.GetByteCount(Path.GetFileName(one)));
        Assert.AreEqual(one, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Encoding.UTF8.GetBytes(one)));
        Assert.DoesNotContain('\uFFFD', one);
        Assert.AreEqual(".flac", Path.GetExtension(one));
    }

    [TestMethod]
    public void Both_Unicode_forms_of_an_accent_are_equal() =>
        Assert.AreEqual(
            Default.For(new ShelfTrack("Beyoncé".Normalize(NormalizationForm.FormC), "B", "C", 1, "flac")),
            Default.For(new ShelfTrack("Beyoncé".Normalize(NormalizationForm.FormD), "B", "C", 1, "flac")));

    [TestMethod]
    [DataRow("")]
    [DataRow("../..")]
    public void An_invalid_extension_is_refused(string extension) =>
        Assert.AreEqual("unsafe_path", Assert.ThrowsExactly<PermanentJobException>(() => Default.For(new ShelfTrack("A", "B", "C", 1, extension))).ReasonCode);
}
