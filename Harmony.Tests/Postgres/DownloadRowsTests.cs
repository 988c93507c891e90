using Harmony.Data.Downloads;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class DownloadRowsTests
{
    private TestDatabase _db = null!;
    private DownloadsRepository _downloads = null!;
    private DownloadStagesRepository _stages = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task CreateAsync()
    {
        _db = await TestDatabase.CreateAsync();
        _downloads = new DownloadsRepository(_db.Database);
        _stages = new DownloadStagesRepository(_db.Database);
    }

    [TestCleanup]
    public async Task DropAsync() => await _db.DisposeAsync();

    [TestMethod]
    public async Task Missing_tracks_are_requested_once_in_album_order()
    {
        var (_, release) = await LibraryRows.AlbumAsync(_db, "a1", "r1", "t2", "t1", "t3");

        Assert.HasCount(3, await WantAsync(release));
        Assert.IsEmpty(await WantAsync(release));

        var rows = await _downloads.ListOfReleaseAsync(release, Ct);
        CollectionAssert.AreEqual(new[] { "t2", "t1", "t3" }, rows.Select(r => r.SpotifyTrackId).ToArray());
        Assert.AreEqual("Solo", rows[0].Artist);
    }

    [TestMethod]
    public async Task A_track_on_two_releases_is_one_download()
    {
        var (_, one) = await LibraryRows.AlbumAsync(_db, "a1", "r1", "t1");
        var (_, two) = await LibraryRows.AlbumAsync(_db, "a2", "r1", "t1");

        Assert.HasCount(1, await WantAsync(one, two));
    }

    [TestMethod]
    [DataRow("cancelled", 0)]
    [DataRow("dead_letter", 0)]
    [DataRow("failed", 1)]
    public async Task Only_a_failed_track_is_requested_again_automatically(string state, int asked)
    {
        var (_, release) = await LibraryRows.AlbumAsync(_db, "a1", "r1", "t1");
        await WantAsync(release);
        await _db.Database.ExecuteAsync("update public.downloads set state = @state", new { state }, Ct);

        Assert.HasCount(asked, await WantAsync(release));
    }

    [TestMethod]
    public async Task The_database_refuses_a_second_live_row_per_track()
    {
        const string insert =
            "insert into public.downloads (artist, title, spotify_track_id) values ('a', 't', 't1')";
        await _db.Database.ExecuteAsync(insert, null, Ct);

        var error = await Assert.ThrowsExactlyAsync<Npgsql.PostgresException>(() => _db.Database.ExecuteAsync(insert, null, Ct));

        Assert.AreEqual("downloads_track_once", error.ConstraintName);
    }

    [TestMethod]
    [DataRow("metadata", "Enqueued", "done")]
    [DataRow("artwork", "Scheduled", "done")]
    [DataRow("lyrics", "Failed", "failed")]
    public async Task A_new_enrichment_job_leaves_a_finished_status(string kind, string state, string status)
    {
        var id = await _db.Database.QueryFirstAsync<long>(
            """
            insert into public.downloads (artist, title, metadata_status, artwork_status, lyrics_status)
            values ('a', 't', 'done', 'done', 'done')
            returning id
            """,
            null,
            Ct);
        // As the ledger adopts a job of another client: without a state at first.
        await _db.Database.ExecuteAsync(
            "insert into harmony.job (job_id, kind, args) values (1, @kind, jsonb_build_object('download_id', @id))", new { kind, id }, Ct);

        await _db.Database.ExecuteAsync("update harmony.job set state = @state", new { state }, Ct);

        Assert.AreEqual(status, await _db.Database.QueryFirstAsync<string>($"select {kind}_status from public.downloads", null, Ct));
    }

    [TestMethod]
    public async Task Only_rows_without_a_job_are_found()
    {
        await _db.Database.ExecuteAsync(
            "insert into harmony.kind (kind, lane, key_template, unique_until) values ('download', 'download', 'download:{download_id}', 'finished')",
            null,
            Ct);
        var (_, release) = await LibraryRows.AlbumAsync(_db, "a1", "r1", "t1", "t2");
        var ids = await WantAsync(release);
        await _db.Database.QueryAsync<long>(
            "select job_id from harmony.enqueue('download', jsonb_build_object('download_id', cast(@id as bigint)))", new { id = ids[0] }, Ct);

        var orphans = await _db.Database.InTransactionAsync(
            work => _downloads.ListWithoutJobAsync(work, TimeSpan.Zero, 10, Ct), Ct);

        CollectionAssert.AreEqual(new[] { ids[1] }, orphans.ToArray());
    }

    [TestMethod]
    public async Task A_step_does_not_change_a_cancelled_row()
    {
        var id = await ChosenAsync();
        await _db.Database.ExecuteAsync("update public.downloads set state = 'cancelled'", null, Ct);

        var moved = await _db.Database.InTransactionAsync(
            work => _stages.RequestAsync(work, id, Guid.CreateVersion7(), "harmony/1-1", Ct), Ct);

        Assert.IsFalse(moved);
        Assert.AreEqual(DownloadState.Cancelled, (await _downloads.FindAsync(id, Ct))!.State);
    }

    [TestMethod]
    public async Task Updates_of_an_earlier_batch_are_ignored()
    {
        var (id, batch) = await RequestedAsync();
        var transfers = new TransfersRepository(_db.Database);

        await SaveAsync(new TransferUpdate(id, Guid.CreateVersion7(), "t0", "InProgress", 999, 1000, 99.9));
        Assert.AreEqual(0, (await _downloads.FindAsync(id, Ct))!.Bytes);

        await SaveAsync(new TransferUpdate(id, batch, "t1", "InProgress", 500, 1000, 50));
        var row = await _downloads.FindAsync(id, Ct);
        Assert.AreEqual(500, row!.Bytes);
        Assert.AreEqual(DownloadStage.Transferring, row.Stage);
        Assert.IsNotNull(row.ProgressAt);
        Assert.HasCount(1, await transfers.ListActiveAsync(Ct));
    }

    [TestMethod]
    public async Task The_queue_clock_starts_once()
    {
        var (id, batch) = await RequestedAsync();
        await SaveAsync(new TransferUpdate(id, batch, "t1", "Queued, Remotely", 0, 1000, 0));
        var first = (await _downloads.FindAsync(id, Ct))!.QueuedAt;
        await SaveAsync(new TransferUpdate(id, batch, "t1", "Requested", 0, 1000, 0));
        await SaveAsync(new TransferUpdate(id, batch, "t1", "Queued, Remotely", 0, 1000, 0));

        Assert.IsNotNull(first);
        Assert.AreEqual(first, (await _downloads.FindAsync(id, Ct))!.QueuedAt);
    }

    [TestMethod]
    public async Task The_list_is_ordered_by_priority_and_age()
    {
        await _db.Database.ExecuteAsync(
            """
            insert into public.downloads (artist, title, priority, state)
            values ('a', 'old', 0, 'queued'), ('a', 'urgent', 9, 'queued'), ('a', 'gone', 0, 'cancelled')
            """,
            null,
            Ct);

        var live = await _downloads.ListAsync([DownloadState.Queued, DownloadState.Downloading], 10, 0, Ct);

        CollectionAssert.AreEqual(new[] { "urgent", "old" }, live.Select(d => d.Title).ToArray());
        Assert.AreEqual(3L, await _downloads.CountAsync([], Ct));
    }

    private Task<IReadOnlyList<long>> WantAsync(params long[] releases) =>
        _db.Database.InTransactionAsync(work => _downloads.WantMissingAsync(work, releases, 0, "test", false, Ct), Ct);

    private Task SaveAsync(TransferUpdate update) =>
        _db.Database.InTransactionAsync(work => new TransfersRepository(_db.Database).SaveAsync(work, [update], Ct), Ct);

    private async Task<long> ChosenAsync()
    {
        var (_, release) = await LibraryRows.AlbumAsync(_db, "a1", "r1", "t1");
        var id = (await WantAsync(release)).Single();
        Assert.IsTrue(await _db.Database.InTransactionAsync(
            work => _stages.ChooseAsync(work, id, new ChosenCandidate("{}", "alice", @"M\a.flac", 1000), Ct), Ct));
        return id;
    }

    private async Task<(long Id, Guid Batch)> RequestedAsync()
    {
        var id = await ChosenAsync();
        var batch = Guid.CreateVersion7();
        Assert.IsTrue(await _db.Database.InTransactionAsync(work => _stages.RequestAsync(work, id, batch, "harmony/1-1", Ct), Ct));
        return (id, batch);
    }
}
