using Harmony.Data.Downloads;
using Harmony.Jobs.Files;
using Harmony.Sandbox.Catalog;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Walks;

[TestClass]
public sealed class WatchlistWalkTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task Watched_artists_become_tagged_files_with_covers_and_lyrics()
    {
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken);
        await rig.WatchAsync(SandboxCatalog.WatchedArtistIds[0]);

        await rig.UntilAsync<long>("select count(*) from public.downloads", n => n > 0);
        await rig.SettledAsync();

        var rows = await rig.Get<DownloadsRepository>().ListAsync([], 100, 0, TestContext.CancellationToken);
        foreach (var row in rows)
        {
            Assert.AreEqual(DownloadStage.Done, row.Stage, row.Reason);
            Assert.AreEqual("done", row.MetadataStatus);
            Assert.AreEqual("done", row.ArtworkStatus);
            var tags = AudioTags.Read(row.OrganizedPath!);
            Assert.AreEqual(row.Title, tags.Title);
            Assert.AreEqual(row.SpotifyTrackId, tags.SpotifyTrackId);
            Assert.IsNotNull(tags.Isrc);
            Assert.IsNotNull(tags.Cover);
        }

        Assert.IsTrue((await rig.RowsAsync<string>("select lyrics_path from public.downloads where lyrics_path is not null")).All(File.Exists));

        // What the sync changed is audited, by the job that did it: the artist and each release once.
        var audited = await rig.RowsAsync<long>(
            "select count(*) from public.artist_audit a join harmony.job j on j.job_id = a.job_id where a.event = 'created' and a.entity_type <> 'alias' and j.kind = 'artist_scan'");
        var releases = await rig.RowsAsync<long>("select count(*) from public.artist_releases");
        Assert.AreEqual(1 + releases.Single(), audited.Single());

        Assert.HasCount(rows.Count, rows.Select(r => r.OrganizedPath).Distinct().ToList());
        Assert.IsNotEmpty(rig.Music("*.lrc"));
        Assert.IsNotEmpty(rig.Music("cover.*"));
        Assert.IsEmpty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.DownloadsDir, "harmony")).ToList());
        await DashboardNumbers.AreRightAsync(rig.Db.Database);
    }
}
