using Harmony.Jobs.Files;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class FreeSpaceTests
{
    private const long Mb = 1024 * 1024;

    [TestMethod]
    [DataRow(1024, 1024L, 0L, null)]
    [DataRow(1024, 1023L, 0L, "/music has 1,023 MB left, 1,024 are kept free: free some space or set MIN_FREE_DISK_MB")]
    [DataRow(1024, 1324L, 300L, null)]
    [DataRow(1024, 1323L, 300L, "/music has 1,323 MB left for a file of 300 MB, 1,024 are kept free: free some space or set MIN_FREE_DISK_MB")]
    [DataRow(0, 0L, 300L, null)]
    public void A_file_may_not_use_the_space_kept_free(int kept, long left, long file, string? sentence) =>
        Assert.AreEqual(sentence, new FreeSpace(kept, _ => left * Mb).ShortageOf("/music", file * Mb));

    [TestMethod]
    public void A_missing_folder_is_on_the_disk_of_its_parent()
    {
        var folder = Path.Combine(Path.GetTempPath(), Guid.CreateVersion7().ToString("N"), "tmp");

        Assert.IsNull(new FreeSpace(1).ShortageOf(folder));
        Assert.Contains($"{folder} has ", new FreeSpace(int.MaxValue).ShortageOf(folder)!, StringComparison.Ordinal);
    }
}
