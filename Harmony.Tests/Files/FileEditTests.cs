using System.Runtime.Versioning;
using Harmony.Jobs.Files;

namespace Harmony.Tests.Files;

[TestClass]
[UnsupportedOSPlatform("windows")]
public sealed class FileEditTests(TestContext context)
{
    [TestMethod]
    public async Task The_edited_copy_replaces_the_file()
    {
        using var library = new ScratchFolder();
        var path = library.Write("Artist/song.flac", "old");

        await new FileEdit(library.Root).ReplaceAsync(path, copy => File.AppendAllText(copy, " and new"), context.CancellationToken);

        Assert.AreEqual("old and new", File.ReadAllText(path));
        CollectionAssert.AreEqual(new[] { "Artist/song.flac" }, library.Files());
    }

    [TestMethod]
    public async Task A_failed_edit_leaves_the_file_and_no_copy()
    {
        using var library = new ScratchFolder();
        var path = library.Write("song.flac", "old");
        void Half(string copy)
        {
            File.WriteAllText(copy, "ne");
            throw new IOException("disk full");
        }

        await Assert.ThrowsExactlyAsync<IOException>(() => new FileEdit(library.Root).ReplaceAsync(path, Half, context.CancellationToken));

        Assert.AreEqual("old", File.ReadAllText(path));
        CollectionAssert.AreEqual(new[] { "song.flac" }, library.Files());
    }

    [TestMethod]
    public async Task A_file_on_another_disk_is_replaced()
    {
        using var library = new ScratchFolder();
        using var mounted = new ScratchFolder("/dev/shm");
        var path = mounted.Write("song.flac", "old");

        await new FileEdit(library.Root).ReplaceAsync(path, copy => File.WriteAllText(copy, "new"), context.CancellationToken);

        Assert.AreEqual("new", File.ReadAllText(path));
        CollectionAssert.AreEqual(new[] { "song.flac" }, mounted.Files());
        Assert.IsEmpty(library.Files());
    }

    [TestMethod]
    public async Task The_file_mode_is_kept()
    {
        using var library = new ScratchFolder();
        var path = library.Write("song.flac", "old");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        await new FileEdit(library.Root).ReplaceAsync(path, copy => File.WriteAllText(copy, "new"), context.CancellationToken);

        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(path));
    }
}
