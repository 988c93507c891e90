using Harmony.Bench.Watchlist;
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
    public async Task Due_artists_of_both_lists_are_claimed_by_priority()
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
    public async Task A_claim_orders_by_priority_and_waiting_time()
    {
        foreach (var (id, days) in new[] { ("a", 2), ("b", 3), ("c", 4) })
        {
            await AddAsync(id, -1);
            await SyncAsync($"s{id}", -1);
            await _db.Database.ExecuteAsync(
                """
                update public.watchlist_artists set last_checked = harmony.now() - @days * interval '1 day' where artist_key = 'spotify:' || @id;
                update public.artist_watchlist set last_synced_at = harmony.now() - (@days * 24 + 12) * interval '1 hour' where artist_key = 'spotify:s' || @id
                """,
                new { id, days },
                Ct);
        }

        await AddAsync("new", -1);
        await AddAsync("urgent", int.MaxValue);
        await SyncAsync("least", int.MinValue);

        CollectionAssert.AreEqual(
            new[] { "spotify:urgent 2147483647", "spotify:new -1", "spotify:sc -1", "spotify:c -1", "spotify:sb -1" }, await ClaimAsync(5));
        CollectionAssert.AreEqual(
            new[] { "spotify:b -1", "spotify:sa -1", "spotify:a -1", "spotify:least -2147483648" }, await ClaimAsync(5));
    }

    [TestMethod]
    public async Task An_artist_on_both_lists_is_claimed_once()
    {
        await AddAsync("both", 1);
        await SyncAsync("both", 7, await LaterAsync("1 hour"));
        await AddAsync("paused");
        await SyncAsync("paused", 3);
        await _db.Database.InTransactionAsync(work => _watchlist.PauseAsync(work, "spotify:paused", "too loud", null, Ct), Ct);
        await AddAsync("twice", 2);
        await SyncAsync("twice", 4);
        await AddAsync("alone");

        var due = await _db.Database.InTransactionAsync(work => _watchlist.ClaimDueAsync(work, TimeSpan.Zero, 10, Ct), Ct);

        CollectionAssert.AreEqual(
            new[] { "spotify:twice 4 True", "spotify:paused 3 True", "spotify:both 1 True", "spotify:alone 0 False" },
            due.Select(d => $"{d.ArtistKey} {d.Priority} {d.Synced}").ToArray());
        Assert.IsTrue((await _synced.ListAsync(10, 0, Ct)).All(s => s.LastEnqueuedAt is not null));
        Assert.IsTrue((await _watchlist.ListAsync(Ct)).All(w => w.LastEnqueuedAt is not null));
        Assert.IsTrue((await _watchlist.FindAsync("spotify:paused", Ct))!.Paused);
        Assert.HasCount(4, await _db.Database.InTransactionAsync(work => _watchlist.ClaimDueAsync(work, TimeSpan.Zero, 10, Ct), Ct));
    }

    [TestMethod]
    public async Task Concurrent_claims_do_not_overlap_or_wait()
    {
        await new WatchlistSeed(300, FirstDay: true).SowAsync(_db.Database, Ct);
        var first = await _db.Database.InTransactionAsync(
            async one =>
            {
                // The other look is over before this one is committed: it took others, and did not wait.
                var mine = await _watchlist.ClaimDueAsync(one, Day, 20, Ct);
                return mine.Concat(await _db.Database.InTransactionAsync(two => _watchlist.ClaimDueAsync(two, Day, 20, Ct), Ct)).ToList();
            },
            Ct);
        Assert.HasCount(40, first.Select(d => d.ArtistKey).Distinct().ToList());

        var rest = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(ClaimAllAsync)));

        // What two looks had in hand at once may be left to the next.
        var all = first.Concat(rest.SelectMany(r => r)).Concat(await ClaimAllAsync()).Select(d => d.ArtistKey).ToList();
        Assert.HasCount(300 - 9, all, "three are paused, three until later, three rest");
        Assert.HasCount(all.Count, all.Distinct().ToList());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task The_cost_of_a_claim_is_independent_of_size(bool firstDay)
    {
        await using var session = await _db.Source.OpenConnectionAsync(Ct);
        await new WatchlistSeed(100, firstDay).SowAsync(_db.Database, Ct);
        var few = await ThirdCostAsync(session);
        await new WatchlistSeed(20_000, firstDay).SowAsync(_db.Database, Ct);
        var many = await ThirdCostAsync(session);

        TestContext.WriteLine($"{few} pages with 100 entries, {many} with 20,000");

        // An index of 20,000 is one level deeper than one of 100; each of twenty artists is looked up, and written, in ten indexes.
        Assert.IsLessThan((few * 1.5) + 200, many);
    }

    [TestMethod]
    public async Task A_claim_takes_no_more_than_its_limit()
    {
        await AddAsync("a");
        await AddAsync("b");
        await AddAsync("c");

        Assert.HasCount(2, await ClaimAsync(2));
        Assert.HasCount(1, await ClaimAsync(2));
    }

    [TestMethod]
    public async Task An_artist_is_due_again_after_its_interval()
    {
        await AddAsync("a");
        await ClaimAsync(10);
        await ShiftAsync("23 hours");
        Assert.IsEmpty(await ClaimAsync(10));

        await ShiftAsync("25 hours");

        Assert.HasCount(1, await ClaimAsync(10));
    }

    [TestMethod]
    public async Task A_paused_artist_is_claimed_after_its_resumption()
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
    public async Task A_plan_shows_claims_and_reasons_for_the_others()
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
        await AddAsync("kept");
        await SyncAsync("kept", 0);
        await _db.Database.InTransactionAsync(work => _watchlist.PauseAsync(work, "spotify:kept", "too many live records", null, Ct), Ct);

        var plan = await _watchlist.PlanAsync(Day, 2, 100, Ct);

        CollectionAssert.AreEqual(
            new[] { "urgent taken", "second taken", "third later_this_round", "kept later_this_round", "cooling resting", "failing resting", "paused paused" },
            plan.OrderBy(p => p.Why is null ? 0 : p.Why == "later_this_round" ? 1 : 2).ThenByDescending(p => p.Priority).ThenBy(p => p.ArtistKey, StringComparer.Ordinal)
                .Select(p => $"{p.ArtistKey["spotify:".Length..]} {p.Why ?? "taken"}").ToArray());
        Assert.AreEqual(2L, plan[0].Alike);
        CollectionAssert.AreEquivalent(
            new[] { "taken 2", "later_this_round 2", "resting 2", "paused 1" },
            (await _watchlist.PlanAsync(Day, 2, 1, Ct)).Select(p => $"{p.Why ?? "taken"} {p.Alike}").ToArray(),
            "a short plan still counts every reason");
        CollectionAssert.AreEqual(
            new[] { "cooling False True", "kept False True", "second True True", "urgent True False" },
            plan.Where(p => p.ArtistKey is "spotify:cooling" or "spotify:kept" or "spotify:second" or "spotify:urgent").OrderBy(p => p.ArtistKey, StringComparer.Ordinal)
                .Select(p => $"{p.ArtistKey["spotify:".Length..]} {p.Watched} {p.Synced}").ToArray(),
            "whose tracks would be downloaded, and who gets a whole sync");
        Assert.IsNull(plan.Single(p => p.ArtistKey == "spotify:paused").Until);
        Assert.IsNotNull(plan.Single(p => p.ArtistKey == "spotify:failing").Until);
        CollectionAssert.AreEqual(new[] { "spotify:urgent 9", "spotify:second 5" }, await ClaimAsync(2), "a plan takes nothing");
        Assert.AreEqual("looked_at_recently", (await _watchlist.PlanAsync(Day, 2, 100, Ct)).Single(p => p.ArtistKey == "spotify:urgent").Why);
    }

    [TestMethod]
    public async Task A_plan_and_a_claim_agree_in_order()
    {
        // Every mixture of lists, priorities, turns, rests and pauses, drawn once and for all.
        await _db.Database.ExecuteAsync(
            """
            insert into public.artist_watchlist (artist_key, priority, last_enqueued_at, last_synced_at, cooldown_until)
            select 'spotify:' || n, h % 3, case when h % 7 < 5 then harmony.now() - h % 97 * interval '1 hour' end,
                case when h % 11 < 8 then harmony.now() - h % 89 * interval '1 hour' end, case when h % 5 = 0 then harmony.now() + (h % 13 - 6) * interval '1 hour' end
            from generate_series(1, 120) n cross join lateral (select abs(hashint4(n)) as h) x
            where h % 4 <> 0;
            insert into public.watchlist_artists (artist_key, spotify_artist_id, priority, last_enqueued_at, last_checked, stop_reason, retry_block_until)
            select 'spotify:' || n, n::text, h % 3, case when h % 7 < 5 then harmony.now() - h % 97 * interval '1 hour' end,
                case when h % 11 < 8 then harmony.now() - h % 89 * interval '1 hour' end, case when h % 6 < 2 then 'paused' end, case when h % 4 = 0 then harmony.now() + (h % 13 - 6) * interval '1 hour' end
            from generate_series(1, 120) n cross join lateral (select abs(hashint4(n + 1000)) as h) x
            where h % 4 <> 1
            """,
            null,
            Ct);
        var plan = await _watchlist.PlanAsync(Day, 1000, 1000, Ct);

        // Half of them at first: what was left is then next.
        var some = plan.Count(p => p.Why is null) / 2;
        var claimed = (await ClaimAsync(some)).Concat(await ClaimAsync(1000)).ToList();

        Assert.IsGreaterThan(10, some);
        CollectionAssert.AreEqual(plan.Where(p => p.Why is null).Select(p => p.ArtistKey).ToArray(), claimed.Select(c => c.Split(' ')[0]).ToArray());
        Assert.IsEmpty((await _watchlist.PlanAsync(Day, 1000, 1000, Ct)).Where(p => p.Why is null).ToList());
    }

    [TestMethod]
    public async Task A_failing_artist_rests_and_regains_its_retries()
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
    public async Task A_successful_sync_ends_a_rest_and_lowers_priority()
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

    private async Task<List<DueArtist>> ClaimAllAsync()
    {
        List<DueArtist> all = [];
        while (await _db.Database.InTransactionAsync(work => _watchlist.ClaimDueAsync(work, Day, 7, Ct), Ct) is { Count: > 0 } some)
            all.AddRange(some);
        return all;
    }

    // The first claims of a session make its plans.
    private async Task<long> ThirdCostAsync(Npgsql.NpgsqlConnection session)
    {
        long cost = 0;
        for (var i = 0; i < 3; i++)
            cost = await WatchlistSeed.BuffersAsync(session, Day, 20, Ct);
        return cost;
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
