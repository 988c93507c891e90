using Harmony.Jobs.Providers.Lyrics;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class LrcTextTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    [TestMethod]
    public void Time_stamps_are_normalised_and_sorted() =>
        Assert.AreEqual(
            "[00:01.00] one\n[00:05.50] chorus\n[00:09.13]\n[00:40.00] chorus\n",
            LrcText.Synced("\uFEFF[ar:Somebody]\r\n[00:05.5][0:40]chorus\r\n[00:01.00] one\r\n[00:09.128]\r\nno stamp", Minute));

    [TestMethod]
    public void An_offset_moves_every_line() =>
        Assert.AreEqual("[00:04.50] a\n[00:09.50] b\n", LrcText.Synced("[offset:+500]\n[00:05.00]a\n[00:10.00]b", Minute));

    [TestMethod]
    public void Lines_beyond_the_end_are_dropped() =>
        Assert.AreEqual("[00:10.00] a\n[00:20.00] b\n", LrcText.Synced("[00:10.00]a\n[00:20.00]b\n[03:00.00]later", Minute));

    [TestMethod]
    public void Lyrics_of_a_longer_recording_are_refused() =>
        Assert.IsNull(LrcText.Synced("[00:10.00]a\n[02:00.00]b\n[03:00.00]c", Minute));

    [TestMethod]
    [DataRow(null)]
    [DataRow("  ")]
    [DataRow("[99:99.99] nothing is that late")]
    [DataRow("only words")]
    [DataRow("[00:01.00]<script>alert(1)</script>")]
    [DataRow("[00:01.00]a\n<!DOCTYPE html>")]
    [DataRow("[00:01.00]bin\0ary")]
    [DataRow("[00:01.00]half \uD800 pair")]
    [DataRow("[00:01.00]\u001b[31mred")]
    public void Invalid_or_unsafe_synced_text_is_refused(string? text) => Assert.IsNull(LrcText.Synced(text, Minute));

    [TestMethod]
    public void Five_megabytes_are_refused() =>
        Assert.IsNull(LrcText.Synced(string.Concat(Enumerable.Repeat("[00:01.00] la la la\n", 250_000)), Minute));

    [TestMethod]
    public void Angle_brackets_are_not_removed_as_markup() =>
        Assert.AreEqual("[00:01.00] <00:01.00>I <3 you\n", LrcText.Synced("[00:01.00]<00:01.00>I <3 you", Minute));

    [TestMethod]
    public void Plain_text_is_derived_from_synced_text_only()
    {
        var made = LrcText.Clean(new Lyrics("[00:01.00] one\n[00:02.00] two", null, false, "test"), Minute);
        var kept = LrcText.Clean(new Lyrics(null, "one\r\ntwo\r\n\r\n\r\n\r\nthree\r\n", false, "test"), Minute);

        Assert.AreEqual(new Lyrics("[00:01.00] one\n[00:02.00] two\n", "one\ntwo", false, "test"), Trimmed(made));
        Assert.AreEqual(new Lyrics(null, "one\ntwo\n\nthree", false, "test"), kept);
    }

    [TestMethod]
    public void An_instrumental_result_has_no_text() =>
        Assert.AreEqual(new Lyrics(null, null, true, "test"), LrcText.Clean(new Lyrics(null, "la la", true, "test"), Minute));

    [TestMethod]
    public void Unusable_text_is_no_result() => Assert.IsNull(LrcText.Clean(new Lyrics("<html>", " ", false, "test"), Minute));

    private static Lyrics? Trimmed(Lyrics? lyrics) => lyrics is null ? null : lyrics with { Plain = string.Join('\n', lyrics.Plain!.Split('\n').Select(line => line.Trim())) };
}
