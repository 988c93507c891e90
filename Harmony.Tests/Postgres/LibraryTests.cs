using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Data.Ingest;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class LibraryTests
{
    private TestDatabase _db = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task CreateAsync() => _db = await TestDatabase.CreateAsync();

    [TestCleanup]
    public async Task DropAsync() => await _db.DisposeAsync();

    [TestMethod]
    public async Task A_saved_artist_is_read_back_with_a_version()
    {
        var artists = new ArtistsRepository(_db.Database);
        var write = new ArtistWrite("spotify:a", "spotify", "a", "Björk", ["art pop", "ö"], """[{"url":"https://img/1","width":640}]""", "e1");
        await SaveAsync(artists, write);
        await SaveAsync(artists, write with { Name = "BJÖRK", Etag = "e2" });

        var artist = await artists.FindAsync("spotify:a", Ct);

        Assert.AreEqual("BJÖRK", artist!.Name);
        Assert.AreEqual(2, artist.Version);
        Assert.AreEqual("e2", artist.Etag);
        CollectionAssert.AreEqual(new[] { "art pop", "ö" }, artist.Genres);
        Assert.AreEqual("BJÖRK", (await artists.ListAsync("bj", 10, 0, Ct)).Single().Name);
    }

    [TestMethod]
    public async Task Artists_are_found_by_name_and_former_name()
    {
        var artists = new ArtistsRepository(_db.Database);
        await SaveAsync(artists, new ArtistWrite("spotify:a", "spotify", "a", "Duo 100% Wanderers", [], "[]", "e1"), "Solo_Wanderer");
        await SaveAsync(artists, new ArtistWrite("spotify:b", "spotify", "b", @"Back\slash", [], "[]", "e1"));

        foreach (var (search, found) in new[] { ("duo", 1L), ("solo_", 1L), ("solo%", 0L), ("0%", 1L), ("_", 1L), ("%", 1L), (@"\", 1L), ("", 2L) })
        {
            Assert.AreEqual(found, await artists.CountAsync(search, Ct), search);
            Assert.HasCount((int)found, await artists.ListAsync(search, 10, 0, Ct), search);
        }
    }

    [TestMethod]
    public async Task A_title_keeps_everything_except_NUL()
    {
        var (artistId, _) = await LibraryRows.AlbumAsync(_db, "a1", "old");
        var releases = new ReleasesRepository(_db.Database);
        await _db.Database.InTransactionAsync(
            work => releases.SaveAsync(work, artistId, "spotify:a1", [LibraryRows.Release("new") with { Title = "N\0UL, \\u0000 and \\\\u0000" }], Ct), Ct);

        Assert.AreEqual("NUL, \\u0000 and \\\\u0000", (await releases.ListAllAsync(artistId, Ct)).Single(r => r.SourceId == "new").Title);
    }

    [TestMethod]
    public async Task An_added_release_changes_the_ETag_of_its_artist()
    {
        var artists = new ArtistsRepository(_db.Database);
        await LibraryRows.AlbumAsync(_db, "a1", "r1");
        var before = (await artists.FindAsync("spotify:a1", Ct))!;
        await LibraryRows.AlbumAsync(_db, "a1", "r1", "t1");
        Assert.AreEqual(before.Etag, (await artists.FindAsync("spotify:a1", Ct))!.Etag);

        await LibraryRows.AlbumAsync(_db, "a1", "r2");

        var after = (await artists.FindAsync("spotify:a1", Ct))!;
        Assert.AreNotEqual(before.Etag, after.Etag);
        Assert.AreEqual(before.Version + 1, after.Version);
    }

    [TestMethod]
    public async Task Active_releases_are_listed_newest_first()
    {
        var (artistId, _) = await LibraryRows.AlbumAsync(_db, "a1", "old");
        var releases = new ReleasesRepository(_db.Database);
        await _db.Database.InTransactionAsync(
            async work =>
            {
                await releases.SaveAsync(work, artistId, "spotify:a1",
                    [LibraryRows.Release("new", "2026-01-01"), LibraryRows.Release("undated", null), LibraryRows.Release("gone", "2025-01-01")], Ct);
            },
            Ct);
        var gone = (await releases.ListAllAsync(artistId, Ct)).Single(r => r.SourceId == "gone");
        await _db.Database.InTransactionAsync(work => releases.DeactivateAsync(work, [gone.Id], "pruned", Ct), Ct);

        var listed = await releases.ListActiveAsync("spotify:a1", Ct);

        CollectionAssert.AreEqual(new[] { "new", "old", "undated" }, listed.Select(r => r.SourceId).ToArray());
        Assert.AreEqual(new DateOnly(2026, 1, 1), listed[0].ReleasedOn);
    }

    [TestMethod]
    public async Task A_changed_release_has_its_tracks_read_again()
    {
        var (artistId, releaseId) = await LibraryRows.AlbumAsync(_db, "a1", "r1", "t1", "t2");
        var releases = new ReleasesRepository(_db.Database);
        Assert.IsNotNull((await releases.FindAsync(releaseId, Ct))!.TracksReadAt);

        await _db.Database.InTransactionAsync(
            work => releases.SaveAsync(work, artistId, "spotify:a1", [LibraryRows.Release("r1", etag: "e2")], Ct), Ct);
        Assert.IsNull((await releases.FindAsync(releaseId, Ct))!.TracksReadAt);

        await LibraryRows.AlbumAsync(_db, "a1", "r1", "t2", "t3");
        var tracks = await releases.ListTracksAsync(releaseId, Ct);
        CollectionAssert.AreEqual(new[] { "t2", "t3" }, tracks.Select(t => t.SourceId).ToArray());
    }

    [TestMethod]
    public async Task The_audit_cannot_be_changed_or_deleted()
    {
        var artists = new ArtistsRepository(_db.Database);
        await _db.Database.InTransactionAsync(
            work => artists.SaveAsync(
                work, new ArtistWrite("spotify:a", "spotify", "a", "Ann", [], "[]", "e1"), [], 7, [new("release", "r1", "created", null, new { Title = "x" })], Ct),
            Ct);

        await Assert.ThrowsExactlyAsync<Npgsql.PostgresException>(
            () => _db.Database.ExecuteAsync("update public.artist_audit set event = 'updated'", null, Ct));
        await Assert.ThrowsExactlyAsync<Npgsql.PostgresException>(
            () => _db.Database.ExecuteAsync("delete from public.artist_audit", null, Ct));

        var row = (await artists.ListAuditAsync("spotify:a", null, 10, Ct)).Single();
        Assert.AreEqual("""{"title": "x"}""", row.After);
        Assert.IsEmpty(await artists.ListAuditAsync("spotify:a", row.Id, 10, Ct));
    }

    [TestMethod]
    public async Task A_search_is_shared_and_its_result_is_kept()
    {
        var searches = new SearchesRepository(_db.Database);
        var id = await AskAsync(searches);
        Assert.AreEqual(id, await AskAsync(searches));
        var first = await searches.FindAsync(id, Ct);
        await _db.Database.InTransactionAsync(
            async work =>
            {
                Assert.IsTrue(await searches.StartAsync(work, id, first!.Generation, Guid.CreateVersion7(), Ct));
                Assert.IsTrue(await searches.FinishAsync(work, id, first.Generation, "[]", 0, Ct));
            },
            Ct);

        var hour = TimeSpan.FromHours(1);
        var fresh = await searches.FindFreshAsync("solo long drone", hour, null, Ct);
        Assert.IsNotNull(fresh);
        Assert.IsNull(await searches.FindFreshAsync("solo long drone", hour, fresh.SearchedAt, Ct));
        await _db.Database.ExecuteAsync("update harmony.fleet set clock_shift = interval '61 minutes'", null, Ct);
        Assert.IsNull(await searches.FindFreshAsync("solo long drone", hour, null, Ct));

        Assert.AreEqual(id, await AskAsync(searches));
        Assert.AreEqual(first!.Generation + 1, (await searches.FindAsync(id, Ct))!.Generation);
    }

    [TestMethod]
    public async Task A_posted_list_takes_the_outcome_of_its_items()
    {
        var ingest = new IngestRepository(_db.Database);
        await _db.Database.InTransactionAsync(
            work => ingest.RegisterAsync(
                work,
                new IngestRegistration("job_1", "FREE", "normalized", 2, 1, 0, null),
                [new(0, "FILE", "a - b", "a", "b", null, null, "h1"), new(1, "FILE", "a - c", "a", "c", null, null, "h2")],
                Ct),
            Ct);
        var (_, release) = await LibraryRows.AlbumAsync(_db, "a1", "r1", "t1");
        var download = (await _db.Database.InTransactionAsync(
            work => new DownloadsRepository(_db.Database).WantMissingAsync(work, [release], 0, "test", false, Ct), Ct)).Single();
        var item = (await ingest.NextUnmatchedAsync(Ct))!;
        await _db.Database.InTransactionAsync(
            async work =>
            {
                Assert.IsTrue(await ingest.MatchAsync(work, item.Id, new IngestMatch("t1", "r1", null, download), Ct));
                Assert.IsFalse(await ingest.MatchAsync(work, item.Id, new IngestMatch("t1", "r1", null, download), Ct));
                await ingest.SettleJobAsync(work, "job_1", Ct);
            },
            Ct);
        Assert.AreEqual("normalized", (await ingest.FindJobAsync("job_1", Ct))!.State);

        var other = (await ingest.NextUnmatchedAsync(Ct))!;
        await _db.Database.InTransactionAsync(
            async work =>
            {
                await ingest.FailAsync(work, other.Id, "no_match", Ct);
                await ingest.SettleJobAsync(work, "job_1", Ct);
            },
            Ct);

        var job = await ingest.FindJobAsync("job_1", Ct);
        Assert.AreEqual("completed", job!.State);
        Assert.AreEqual("1 queued, 1 failed", job.Error);
        Assert.AreEqual((1L, 1L), (job.Queued, job.Failed));
    }

    private Task<long> SaveAsync(ArtistsRepository artists, ArtistWrite write, params string[] aliases) =>
        _db.Database.InTransactionAsync(work => artists.SaveAsync(work, write, aliases, 1, [], Ct), Ct);

    private Task<long> AskAsync(SearchesRepository searches) =>
        _db.Database.InTransactionAsync(work => searches.AskAsync(work, "track", "solo long drone", null, null, Ct), Ct);
}
