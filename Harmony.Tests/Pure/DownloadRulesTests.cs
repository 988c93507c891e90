using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Downloads.Search;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class DownloadRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly string _root = Directory.CreateTempSubdirectory("harmony-folders-").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_root, recursive: true);

    [TestMethod]
    public void A_batch_id_is_stable_and_unique_per_attempt()
    {
        var (here, elsewhere) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMicroseconds(1));
        Assert.AreEqual(BatchId.OfDownload(7, 1, here), BatchId.OfDownload(7, 1, here));
        var ids = Enumerable.Range(0, 1000).Select(n => BatchId.OfDownload(n / 10, n % 10, here))
            .Concat(Enumerable.Range(0, 1000).Select(n => BatchId.OfDownload(n / 10, n % 10, elsewhere)))
            .Concat(Enumerable.Range(0, 1000).Select(n => BatchId.OfSearch(n / 10, n % 10, n % 7, here)));
        Assert.AreEqual(3000, ids.Distinct().Count());
    }

    [TestMethod]
    public void A_denied_peer_is_avoided_until_its_expiry()
    {
        var denied = DeniedPeers.Parse("[]")
            .With(new DeniedPeer("alice", "offline", "alice is offline", Noon.AddHours(1)))
            .With(new DeniedPeer("bob", "corrupt", "a broken file", Noon.AddDays(7)));

        var stored = DeniedPeers.Parse(denied.ToJson());

        CollectionAssert.AreEquivalent(new[] { "alice", "bob" }, stored.ActiveAt(Noon).ToArray());
        CollectionAssert.AreEquivalent(new[] { "bob" }, stored.ActiveAt(Noon.AddHours(2)).ToArray());
    }

    [TestMethod]
    public void A_peer_denied_twice_is_listed_once()
    {
        var denied = DeniedPeers.Parse("[]")
            .With(new DeniedPeer("alice", "offline", "offline", Noon))
            .With(new DeniedPeer("alice", "corrupt", "broken", Noon.AddDays(1)));

        Assert.AreEqual("corrupt", denied.Peers.Single().Reason);
    }

    [TestMethod]
    public void The_release_is_searched_before_the_track()
    {
        var plan = SearchPlan.For(Row("Solo Wanderer", "Long Drone", "Singles"));
        var same = SearchPlan.For(Row("Solo Wanderer", "Long Drone", "Long Drone"));
        var without = SearchPlan.For(Row("Solo Wanderer", "Long Drone", null));

        CollectionAssert.AreEqual(new[] { "release", "track" }, plan.Select(p => p.Scope).ToArray());
        Assert.HasCount(1, same);
        CollectionAssert.AreEqual(new[] { "track" }, without.Select(p => p.Scope).ToArray());
    }

    [TestMethod]
    public void Only_audio_files_of_a_search_are_kept()
    {
        var kept = SearchAnswers.Playable(
        [
            new("alice", true, 0, 100, [new(@"M\a.FLAC", 10), new(@"M\cover.jpg", 5), new(@"M\a.flac.exe", 5)]),
            new("bob", true, 0, 100, [new(@"M\notes.txt", 5)]),
        ]);

        Assert.AreEqual(@"M\a.FLAC", kept.Single().Files.Single().Filename);
    }

    [TestMethod]
    [DataRow("tone.mp3", "01 - First Light.flac", ".mp3")]
    [DataRow("tone.flac", "01 - First Light.MP3", ".flac")]
    [DataRow("tone.flac", "01 - First Light.FLAC", ".flac")]
    [DataRow("tone.m4a", "01 - First Light.mp4", ".mp4")]
    [DataRow("tone.ogg", "01 - First Light", ".ogg")]
    public void A_shelved_file_is_called_what_it_is(string fixture, string name, string suffix)
    {
        var folders = new DownloadFolders(new DownloadOptions { DownloadsDir = _root, MusicDir = _root });
        var landed = Path.Combine(_root, name);
        File.Copy(Files.Fixture.PathOf(fixture), landed, overwrite: true);

        Assert.AreEqual("7" + suffix, Path.GetFileName(folders.TaggedCopyOf(Row("a", "b", null) with { LandedPath = landed })));
    }

    [TestMethod]
    public void Every_known_format_is_kept_by_a_search()
    {
        string[] names = [@"M\a.wv", @"M\a.oga", @"M\a.Opus", @"M\a.m4a", @"M\a.aif"];

        var kept = SearchAnswers.Playable([new("alice", true, 0, 100, [.. names.Select(name => new SlskdFile(name, 10))])]);

        CollectionAssert.AreEqual(names, kept.Single().Files.Select(f => f.Filename).ToArray());
    }

    [TestMethod]
    public void The_downloaded_file_is_found_in_its_folder()
    {
        var folders = new DownloadFolders(new DownloadOptions { DownloadsDir = _root, MusicDir = _root });
        var destination = DownloadFolders.DestinationOf(7, 2);
        Assert.IsNull(folders.FindLanded(destination));

        Directory.CreateDirectory(Path.Combine(_root, "harmony", "7-2"));
        Assert.IsNull(folders.FindLanded(destination));
        var file = Path.Combine(_root, "harmony", "7-2", "01 - First Light.flac");
        File.WriteAllText(file, "x");

        Assert.AreEqual(file, folders.FindLanded(destination));
    }

    [TestMethod]
    public void A_symbolic_link_among_the_downloads_is_refused()
    {
        var folders = new DownloadFolders(new DownloadOptions { DownloadsDir = _root, MusicDir = _root });
        Directory.CreateDirectory(Path.Combine(_root, "harmony", "7-1"));
        File.CreateSymbolicLink(Path.Combine(_root, "harmony", "7-1", "song.flac"), "/etc/hostname");

        var error = Assert.ThrowsExactly<PermanentJobException>(() => folders.FindLanded("harmony/7-1"));

        Assert.AreEqual("unsafe_path", error.ReasonCode);
    }

    [TestMethod]
    [DataRow("harmony/../../etc")]
    [DataRow("/etc")]
    [DataRow("harmony")]
    [DataRow("elsewhere/7-1")]
    public void A_destination_outside_the_download_folder_is_refused(string destination)
    {
        var folders = new DownloadFolders(new DownloadOptions { DownloadsDir = _root, MusicDir = _root });

        var error = Assert.ThrowsExactly<PermanentJobException>(() => folders.FindLanded(destination));

        Assert.AreEqual("unsafe_path", error.ReasonCode);
    }

    [TestMethod]
    public void Deletion_affects_only_the_files_of_one_attempt()
    {
        var folders = new DownloadFolders(new DownloadOptions { DownloadsDir = _root, MusicDir = _root });
        Directory.CreateDirectory(Path.Combine(_root, "harmony", "7-1"));
        Directory.CreateDirectory(Path.Combine(_root, "harmony", "7-2"));

        folders.DeleteLanded(Row("A", "B", null) with { Destination = "harmony/7-1" });

        Assert.IsFalse(Directory.Exists(Path.Combine(_root, "harmony", "7-1")));
        Assert.IsTrue(Directory.Exists(Path.Combine(_root, "harmony", "7-2")));
    }

    [TestMethod]
    public void Only_old_copies_are_deleted()
    {
        var folders = new DownloadFolders(new DownloadOptions { DownloadsDir = _root, MusicDir = _root });
        Assert.AreEqual(0, folders.DeleteCopiesBefore(Noon));
        Directory.CreateDirectory(folders.TemporaryFolder);
        var (old, fresh) = (Path.Combine(folders.TemporaryFolder, "old.flac"), Path.Combine(folders.TemporaryFolder, "fresh.flac"));
        File.WriteAllText(old, "x");
        File.WriteAllText(fresh, "x");
        File.SetLastWriteTimeUtc(old, Noon.AddDays(-2).UtcDateTime);
        File.SetLastWriteTimeUtc(fresh, Noon.UtcDateTime);

        Assert.AreEqual(1, folders.DeleteCopiesBefore(Noon.AddDays(-1)));
        Assert.IsTrue(File.Exists(fresh));
    }

    internal static Download Row(string artist, string title, string? album) => new()
    {
        Id = 7,
        State = "queued",
        Stage = "wanted",
        Priority = 0,
        Searches = 0,
        Source = "test",
        Artist = artist,
        Title = title,
        Album = album,
        Try = 0,
        CandidateRequests = 0,
        DeniedPeers = "[]",
        Bytes = 0,
        Progress = 0,
        HasArtwork = false,
        HasLyrics = false,
        RetryCount = 0,
        CreatedAt = Noon,
        UpdatedAt = Noon,
    };
}
