using Harmony.Data.Watchlist;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class WatchlistTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private TestDatabase _db = null!;
    private WatchlistRepository _watchlist = null!;
    private ArtistWatchlistRepository _synced = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task CreateAsync()
    {
        _db = await TestDatabase.CreateAsync();
        _watchlist = new WatchlistRepository(_db.Database);
        _synced = new ArtistWatchlistRepository(_db.Database);
    }

    [TestCleanup]
    public async Task DropAsync() => await _db.DisposeAsync();

    [TestMethod]
    public async Task An_artist_is_watched_once()
    {
        Assert.IsNotNull(await AddAsync("a"));
        Assert.IsNull(await AddAsync("a"));
        Assert.HasCount(1, await _watchlist.ListAsync(Ct));
    }

    [TestMethod]
    public async Task Who_is_due_on_either_list_is_claimed_once_the_urgent_first()
    {
        await AddAsync("a", 1);
        await AddAsync("b", 5);
        await SyncAsync("b", 0);
        await SyncAsync("c", 9);

        var claimed = await ClaimAsync(10);

        CollectionAssert.AreEqual(new[] { "spotify:c 9", "spotify:b 5", "spotify:a 1" }, claimed);
        Assert.IsEmpty(await ClaimAsync(10));
    }

    [TestMethod]
    public async Task A_claim_takes_no_more_than_it_may_and_the_rest_is_next()
    {
        await AddAsync("a");
        await AddAsync("b");
        await AddAsync("c");

        Assert.HasCount(2, await ClaimAsync(2));
        Assert.HasCount(1, await ClaimAsync(2));
    }

    [TestMethod]
    public async Task An_artist_is_due_again_when_its_time_has_passed()
    {
        await AddAsync("a");
        await ClaimAsync(10);
        await ShiftAsync("23 hours");
        Assert.IsEmpty(await ClaimAsync(10));

        await ShiftAsync("25 hours");

        Assert.HasCount(1, await ClaimAsync(10));
    }

    [TestMethod]
    public async Task A_paused_artist_is_not_claimed_until_its_time_comes_or_somebody_resumes_it()
    {
        await AddAsync("forever");
        await AddAsync("tonight");
        await _db.Database.InTransactionAsync(work => _watchlist.PauseAsync(work, "spotify:forever", "too loud", null, Ct), Ct);
        var tonight = await _db.Database.QueryFirstAsync<DateTimeOffset>("select harmony.now() + interval '2 hours'", null, Ct);
        var paused = await _db.Database.InTransactionAsync(work => _watchlist.PauseAsync(work, "spotify:tonight", "neighbours", tonight, Ct), Ct);
        Assert.IsTrue(paused!.Paused);
        Assert.IsEmpty(await ClaimAsync(10));

        await ShiftAsync("3 hours");
        CollectionAssert.AreEqual(new[] { "spotify:tonight 0" }, await ClaimAsync(10));
        var over = await _watchlist.FindAsync("spotify:tonight", Ct);
        Assert.IsFalse(over!.Paused);
        Assert.IsNull(over.PauseReason);

        await _db.Database.InTransactionAsync(work => _watchlist.ResumeAsync(work, "spotify:forever", Ct), Ct);
        CollectionAssert.AreEqual(new[] { "spotify:forever 0" }, await ClaimAsync(10));
    }

    [TestMethod]
    public async Task A_cooling_artist_of_the_metadata_list_waits()
    {
        var later = await _db.Database.QueryFirstAsync<DateTimeOffset>("select harmony.now() + interval '15 minutes'", null, Ct);
        await SyncAsync("a", 0, later);
        Assert.IsEmpty(await ClaimAsync(10));

        await ShiftAsync("16 minutes");

        Assert.HasCount(1, await ClaimAsync(10));
    }

    [TestMethod]
    public async Task A_since_backlog_needs_its_day_and_keeps_it()
    {
        var day = new DateOnly(2024, 2, 29);
        var added = await _db.Database.InTransactionAsync(
            work => _watchlist.AddAsync(work, "spotify:a", 0, "since", day, Ct), Ct);

        Assert.AreEqual(day, added!.Since);
        await Assert.ThrowsExactlyAsync<Npgsql.PostgresException>(() => _db.Database.InTransactionAsync(
            work => _watchlist.AddAsync(work, "spotify:b", 0, "since", null, Ct), Ct));
    }

    [TestMethod]
    public async Task A_plan_says_what_a_claim_would_take_and_why_it_would_leave_the_others()
    {
        await AddAsync("urgent", 9);
        await AddAsync("second", 5);
        await AddAsync("third", 1);
        await SyncAsync("second", 0);
        await SyncAsync("cooling", 0, await LaterAsync("15 minutes"));
        await AddAsync("paused");
        await _db.Database.InTransactionAsync(work => _watchlist.PauseAsync(work, "spotify:paused", "too loud", null, Ct), Ct);
        await AddAsync("failing");
        await SpendAsync("failing", 1);

        var plan = await _watchlist.PlanAsync(Day, 2, 100, Ct);

        CollectionAssert.AreEqual(
            new[] { "urgent taken", "second taken", "third later_this_round", "cooling resting", "failing resting", "paused paused" },
            plan.OrderBy(p => p.Why is null ? 0 : p.Why == "later_this_round" ? 1 : 2).ThenByDescending(p => p.Priority).ThenBy(p => p.ArtistKey, StringComparer.Ordinal)
                .Select(p => $"{p.ArtistKey["spotify:".Length..]} {p.Why ?? "taken"}").ToArray());
        Assert.AreEqual(2L, plan[0].Alike);
        Assert.IsFalse(plan.Single(p => p.ArtistKey == "spotify:cooling").Watched);
        Assert.IsNull(plan.Single(p => p.ArtistKey == "spotify:paused").Until);
        Assert.IsNotNull(plan.Single(p => p.ArtistKey == "spotify:failing").Until);
        CollectionAssert.AreEqual(new[] { "spotify:urgent 9", "spotify:second 5" }, await ClaimAsync(2), "a plan takes nothing");
        Assert.AreEqual("looked_at_recently", (await _watchlist.PlanAsync(Day, 2, 100, Ct)).Single(p => p.ArtistKey == "spotify:urgent").Why);
    }

    [TestMethod]
    public async Task An_artist_that_keeps_failing_rests_and_then_has_all_its_tries_again()
    {
        await AddAsync("a");
        Assert.IsFalse(await SpendAsync("a", 2));
        Assert.HasCount(1, await ClaimAsync(1));
        await ShiftAsync("25 hours");
        Assert.IsTrue(await SpendAsync("a", 2));
        Assert.IsEmpty(await ClaimAsync(1));

        await ShiftAsync("25 hours 16 minutes");
        Assert.HasCount(1, await ClaimAsync(1));
        Assert.IsFalse(await SpendAsync("a", 2));
        Assert.IsFalse(await SpendAsync("nobody", 1));

        await AddAsync("paused");
        await _db.Database.InTransactionAsync(work => _watchlist.PauseAsync(work, "spotify:paused", "too loud", null, Ct), Ct);
        Assert.IsTrue(await SpendAsync("paused", 1));
        Assert.IsNull((await _watchlist.FindAsync("spotify:paused", Ct))!.ResumeAt, "a rest must not end a pause");
    }

    [TestMethod]
    public async Task A_sync_that_worked_ends_a_rest_and_lowers_the_priority_of_the_metadata_list()
    {
        await AddAsync("a");
        await SpendAsync("a", 1);
        await SyncAsync("a", 5);
        await _db.Database.ExecuteAsync("insert into public.artists (artist_key, source, source_id, name, etag) values ('spotify:a', 'spotify', 'a', 'A', 'x')", null, Ct);

        await _db.Database.InTransactionAsync(work => _watchlist.MarkDoneAsync(work, "spotify:a", "x", TimeSpan.Zero, 3, Ct), Ct);
        Assert.AreEqual(2, (await _synced.ListAsync(1, 0, Ct)).Single().Priority);
        await _db.Database.InTransactionAsync(work => _watchlist.MarkDoneAsync(work, "spotify:a", "x", TimeSpan.Zero, 3, Ct), Ct);

        Assert.AreEqual(0, (await _synced.ListAsync(1, 0, Ct)).Single().Priority);
        Assert.IsNull((await _watchlist.FindAsync("spotify:a", Ct))!.ResumeAt);
    }

    private Task<bool> SpendAsync(string id, int budget) =>
        _db.Database.InTransactionAsync(work => _watchlist.SpendTryAsync(work, $"spotify:{id}", budget, TimeSpan.FromMinutes(15), Ct), Ct);

    private Task<DateTimeOffset> LaterAsync(string by) =>
        _db.Database.QueryFirstAsync<DateTimeOffset>("select harmony.now() + cast(@by as interval)", new { by }, Ct);

    private Task<WatchedArtist?> AddAsync(string id, int priority = 0) =>
        _db.Database.InTransactionAsync(work => _watchlist.AddAsync(work, $"spotify:{id}", priority, "none", null, Ct), Ct);

    private Task<SyncedArtist> SyncAsync(string id, int priority, DateTimeOffset? cooldown = null) =>
        _db.Database.InTransactionAsync(work => _synced.SaveAsync(work, $"spotify:{id}", priority, cooldown, Ct), Ct);

    private Task ShiftAsync(string by) =>
        _db.Database.ExecuteAsync("update harmony.fleet set clock_shift = cast(@by as interval)", new { by }, Ct);

    private async Task<string[]> ClaimAsync(int limit) =>
        [
            .. (await _db.Database.InTransactionAsync(work => _watchlist.ClaimDueAsync(work, Day, limit, Ct), Ct))
                .Select(d => $"{d.ArtistKey} {d.Priority}"),
        ];
}
