using Harmony.Jobs.Files;

namespace Harmony.Tests.Files;

[TestClass]
public sealed class AtomicMoverTests
{
    private const string OtherDevice = "/dev/shm";

    [TestMethod]
    public void A_move_creates_the_missing_folders()
    {
        using var scratch = new ScratchFolder();
        var target = scratch.At("Artist", "Album", "01 - Song.flac");

        Assert.AreEqual(target, AtomicMover.Move(scratch.Write("song.flac", "sound"), target));
        CollectionAssert.AreEqual(new[] { "Artist/Album/01 - Song.flac" }, scratch.Files());
    }

    [TestMethod]
    public void A_move_across_devices_leaves_no_rest()
    {
        using var here = new ScratchFolder(OtherDevice);
        using var there = new ScratchFolder();
        var sound = new string('s', 3_000_000);
        var target = there.At("Artist", "song.flac");

        AtomicMover.Move(here.Write("song.flac", sound), target);

        Assert.AreEqual(sound, File.ReadAllText(target));
        CollectionAssert.AreEqual(new[] { "Artist/song.flac" }, there.Files());
        Assert.IsEmpty(here.Files());
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(OtherDevice)]
    public void Another_file_is_never_overwritten(string? device)
    {
        using var here = new ScratchFolder(device);
        using var there = new ScratchFolder();
        var target = there.Write("song.flac", "theirs");

        Assert.AreEqual(there.At("song (2).flac"), AtomicMover.Move(here.Write("song.flac", "ours"), target));
        Assert.AreEqual("theirs", File.ReadAllText(target));
        Assert.AreEqual("ours", File.ReadAllText(there.At("song (2).flac")));
    }

    [TestMethod]
    public void A_move_onto_identical_content_succeeds()
    {
        using var scratch = new ScratchFolder();
        var target = scratch.Write("shelf/song.flac", "ours");

        Assert.AreEqual(target, AtomicMover.Move(scratch.Write("song.flac", "ours"), target));
        CollectionAssert.AreEqual(new[] { "shelf/song.flac" }, scratch.Files());
    }

    [TestMethod]
    public void A_move_onto_itself_keeps_the_file()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Write("song.flac", "ours");

        AtomicMover.Move(path, path);

        Assert.AreEqual("ours", File.ReadAllText(path));
    }

    [TestMethod]
    public void A_partial_copy_of_a_killed_run_is_replaced()
    {
        using var here = new ScratchFolder(OtherDevice);
        using var there = new ScratchFolder();
        var source = here.Write("song.flac", "whole sound");
        // What a kill in the middle of the copy leaves: the name is the one the next run computes.
        AtomicMover.Move(here.Write("probe.flac", "x"), there.At("probe.flac"));
        var mark = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(source)))[..16];
        there.Write($".harmony-{mark}.part", "whole so");

        AtomicMover.Move(source, there.At("song.flac"));

        Assert.AreEqual("whole sound", File.ReadAllText(there.At("song.flac")));
        CollectionAssert.AreEqual(new[] { "probe.flac", "song.flac" }, there.Files());
    }

    [TestMethod]
    public void A_missing_source_is_an_error_without_a_file()
    {
        using var scratch = new ScratchFolder();

        Assert.ThrowsExactly<FileNotFoundException>(() => AtomicMover.Move(scratch.At("gone.flac"), scratch.At("song.flac")));
        Assert.IsEmpty(scratch.Files());
    }
}
