namespace Harmony.Tests.Postgres;

/// <summary>34 starts in 220 seconds, and everybody wants them.</summary>
[TestClass]
public sealed class FairShareTests
{
    private const string Look = """{"for":"music"}""";

    private TestDatabase _db = null!;
    private HandWorker _worker = null!;
    private TimeSpan _clock;

    [TestInitialize]
    public async Task CreateAsync()
    {
        _db = await TestDatabase.CreateAsync();
        _worker = new HandWorker(_db.Database, "one", "search");
        await HandWorker.SyncAsync(_db.Database, [HandWorker.Kind("look", "search")], new { lane = "search", permits = 34, seconds = 220 });
    }

    [TestCleanup]
    public async Task DropAsync() => await _db.DisposeAsync();

    [TestMethod]
    public async Task An_operator_job_passes_five_thousand_backlog_jobs()
    {
        await EnqueueAsync(5000, priority: 40);
        Assert.HasCount(34, await _worker.FetchAsync(50));
        var click = await ScalarAsync<long>($"select job_id from harmony.enqueue('look', '{Look}', 60)");
        Assert.IsEmpty(await _worker.FetchAsync(50));

        var eta = await ScalarAsync<double>($"select extract(epoch from expected_at - harmony.now())::float8 from harmony.place_in_line({click})");
        Assert.IsLessThanOrEqualTo(220, eta);
        await LaterAsync(TimeSpan.FromSeconds(221));
        Assert.AreEqual(click, (await _worker.FetchAsync(1)).Single().JobId);
    }

    [TestMethod]
    public async Task A_full_window_is_shared_by_weight()
    {
        await EnqueueAsync(100, priority: 40);
        await EnqueueAsync(100, priority: 50);
        await EnqueueAsync(100, priority: 60);

        await _worker.FetchAsync(50);

        Assert.AreEqual("a 20, b 10, c 4", await ScalarAsync<string>(
            "select string_agg(band || ' ' || n, ', ' order by band) from (select band, count(*) as n from harmony.rate_use group by band) u"));
    }

    [TestMethod]
    public async Task The_place_in_line_predicts_the_start()
    {
        await EnqueueAsync(340, priority: 50);
        await _worker.FetchAsync(34);
        var last = await ScalarAsync<long>("select max(job_id) from harmony.job");

        Assert.AreEqual(305L, await ScalarAsync<long>($"select ahead from harmony.place_in_line({last})"));
        var seconds = await ScalarAsync<double>($"select extract(epoch from expected_at - harmony.now())::float8 from harmony.place_in_line({last})");
        Assert.IsTrue(seconds is > 1900 and < 2000, $"{seconds}");
    }

    [TestMethod]
    public async Task No_job_starves_in_a_day_of_load()
    {
        await EnqueueAsync(4000, priority: 40);
        for (var window = 0; window < 393; window++)
        {
            // Two ordinary searches each time; a whole discography is clicked for at three o'clock; now and then somebody waits.
            await EnqueueAsync(2, priority: 50);
            if (window == 49)
                await EnqueueAsync(1500, priority: 60);
            if (window % 10 == 0)
                await EnqueueAsync(1, priority: 60);
            await _worker.FinishAsync(await _worker.FetchAsync(50));
            await LaterAsync(_clock + TimeSpan.FromSeconds(220.5));
        }

        const string starts =
            """
            select e.at, l.job_id, l.created_at, right(l.queue, 1) as band
            from harmony.job_event e
            join harmony.job l on l.job_id = e.job_id
            where e.to_state = 'Processing'
            """;
        Assert.AreEqual(34L, await ScalarAsync<long>(
            $"""
            select max(n)
            from (select count(*) over (order by at range between interval '220 seconds' preceding and current row) as n from ({starts}) s) w
            """));
        Assert.AreEqual(0L, await ScalarAsync<long>(
            $"select count(*) from ({starts}) s where band = 'b' and at - created_at > interval '10 minutes'"), "an ordinary search waited");
        Assert.AreEqual(0L, await ScalarAsync<long>(
            $"""
            select count(*)
            from generate_series(0, 19) h
            where (
                select count(*)
                from ({starts}) s, (select min(at) as t0 from ({starts}) f) z
                where band = 'c' and at >= z.t0 + make_interval(hours => h::int) and at < z.t0 + make_interval(hours => h::int + 1)) < 20
                and exists (select from harmony.job where state = 'Enqueued' and right(queue, 1) = 'c')
            """), "the backlog stood still for an hour");
    }

    private async Task LaterAsync(TimeSpan clock)
    {
        _clock = clock;
        await _db.Database.ExecuteAsync("select harmony.shift_clock(@clock)", new { clock }, CancellationToken.None);
    }

    private Task EnqueueAsync(int count, int priority) =>
        _db.Database.ExecuteAsync(
            "select harmony.enqueue_many('look', array_fill(cast(@Look as jsonb), array[@count]), @priority)", new { Look, count, priority }, CancellationToken.None);

    private Task<T?> ScalarAsync<T>(string sql) => _db.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None);
}
