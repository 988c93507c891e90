using Harmony.Data;
using Harmony.Orchestrator;

namespace Harmony.Tests.Postgres;

/// <summary>What harmony.fetch must do right however many ask and enqueue at once.</summary>
[TestClass]
public sealed class FetchTests
{
    private static readonly Lane[] Lanes = [new("work", 8)];

    [TestMethod]
    public async Task A_ticket_committed_during_a_fetch_is_not_lost()
    {
        await using var db = await TestDatabase.CreateAsync();
        await using var one = await TestFleet.StartAsync(db, Lanes, [typeof(NothingJob)]);
        await using var two = await TestFleet.StartAsync(db, Lanes, [typeof(NothingJob)]);
        var queue = new JobQueue(db.Database);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 250; i++)
                await queue.EnqueueAsync(new NothingArgs(), null, CancellationToken.None);
        }));
        await Until.SeenAsync(
            () => db.Database.QueryFirstAsync<string>(
                "select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from harmony.job group by state) s",
                null,
                CancellationToken.None),
            states => states == "Succeeded 1000");
    }

    [TestMethod]
    public async Task A_takeover_and_a_late_end_cannot_deadlock()
    {
        await using var history = await AuditHistory.CreateAsync();
        var db = history.Database.Database;
        await history.EnqueueAsync("tidy");
        var run = (await history.StartAsync()).Single();
        await history.PassAsync("2 minutes");
        await history.UpkeepAsync();

        Task late = Task.CompletedTask;
        await db.InTransactionAsync(
            async work =>
            {
                // What a fetch does, in its order; in between the run that lost its lease comes back with its end.
                await work.QueryFirstAsync<long>("select id from hangfire.jobqueue for update", null, CancellationToken.None);
                late = history.EndAsync(run, new("succeeded"));
                await Until.SeenAsync(
                    () => db.QueryFirstAsync<long>(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()", null, CancellationToken.None),
                    waiting => waiting == 1);
                await work.ExecuteAsync("select harmony.unlock_jobs(harmony.lock_jobs(array[@JobId]))", run, CancellationToken.None);
            },
            CancellationToken.None);
        await late;
    }

    // Lanes come in another order each time; what a fetch locks for them must not.
    [TestMethod]
    [DataRow(true, DisplayName = "two lanes with a rate")]
    [DataRow(false, DisplayName = "two lanes full of kinds that are paused")]
    public async Task Two_fetches_never_wait_for_each_other(bool rated)
    {
        await using var test = await TestDatabase.CreateAsync();
        var db = test.Database;
        await HandWorker.SyncAsync(
            db,
            [HandWorker.Kind("first", "one"), HandWorker.Kind("second", "two")],
            rated ? [new { lane = "one", permits = 100_000, seconds = 600 }, new { lane = "two", permits = 100_000, seconds = 600 }] : []);
        if (!rated)
            await db.ExecuteAsync("select harmony.pause('kind', 'first'), harmony.pause('kind', 'second')", null, CancellationToken.None);
        HandWorker[] workers = [new(db, "there", "one", "two"), new(db, "back", "two", "one")];

        // More of a kind that is paused than one fetch moves.
        var (rounds, jobs) = rated ? (3, 600) : (1, 6000);
        for (var round = 0; round < rounds; round++)
        {
            await db.ExecuteAsync(
                """
                select count(*)
                from unnest(array['first', 'second']) k
                cross join lateral harmony.enqueue_many(k, (select array_agg(jsonb_build_object('n', i)) from generate_series(1, @jobs) i)) e
                """,
                new { jobs },
                CancellationToken.None);
            await Task.WhenAll(workers.Select(async worker =>
            {
                for (var i = 0; i < 15; i++)
                    await worker.FetchAsync(20, 40);
            }));
        }

        Assert.AreEqual(0L, await db.QueryFirstAsync<long>("select deadlocks from pg_stat_database where datname = current_database()", null, CancellationToken.None));
    }

    [TestMethod]
    public async Task A_dashboard_change_before_the_fetch_lock_is_kept()
    {
        await using var history = await AuditHistory.CreateAsync();
        var db = history.Database.Database;
        var job = await history.EnqueueAsync("tidy");

        Task fetch = Task.CompletedTask;
        await db.InTransactionAsync(
            async work =>
            {
                await work.ExecuteAsync(
                    """
                    select harmony.lock_jobs(array[@job]);
                    select harmony.write_states(
                        array[@job], 'Deleted', array['Triggered via Dashboard UI'],
                        array[jsonb_build_object('DeletedAt', harmony.millis(harmony.now()))], interval '24 hours');
                    select harmony.count_stats('deleted', 1, true);
                    select harmony.unlock_jobs(array[@job]);
                    """,
                    new { job },
                    CancellationToken.None);
                fetch = history.DoAsync("select harmony.fetch('old', array['sync'], array['work'], array[5], 5, 1)");
                await Until.SeenAsync(
                    () => db.QueryFirstAsync<long>(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()", null, CancellationToken.None),
                    waiting => waiting == 1);
            },
            CancellationToken.None);
        await fetch;
        Assert.AreEqual("Deleted", await history.ScalarAsync<string>("select state from harmony.job"));
        await DashboardNumbers.AreRightAsync(db);
    }

    [TestMethod]
    public async Task A_job_keeps_one_ticket_when_two_fetches_race()
    {
        await using var history = await AuditHistory.CreateAsync();
        var job = await history.EnqueueAsync("tidy");
        await history.DoAsync("insert into hangfire.jobqueue (jobid, queue) values (@job, 'work_b')", new { job });

        await history.Database.Database.InTransactionAsync(
            async work =>
            {
                // Another fetch, which found the job deleted a moment before somebody requeued it.
                await work.ExecuteAsync("delete from hangfire.jobqueue where id = (select min(id) from hangfire.jobqueue)", null, CancellationToken.None);
                Assert.IsEmpty(await history.StartAsync());
            },
            CancellationToken.None);
        Assert.HasCount(1, await history.StartAsync());
    }

    [TestMethod]
    public async Task Two_tickets_of_one_job_are_one_run()
    {
        await using var history = await AuditHistory.CreateAsync();
        var job = await history.EnqueueAsync("tidy");
        await history.DoAsync("insert into hangfire.jobqueue (jobid, queue) values (@job, 'work_b')", new { job });

        await history.DoAsync(
            """
            select harmony.start('one', (
                select array_agg((q.id, q.jobid, q.queue, 'tidy', 'work', 'Enqueued', 0, false)::harmony.ticket order by q.id desc)
                from hangfire.jobqueue q))
            """);

        Assert.AreEqual("1 1", await history.ScalarAsync<string>(
            "select (select count(*) from hangfire.state where name = 'Processing') || ' ' || (select count(*) from hangfire.jobqueue where fetchedat is not null)"));
        Assert.AreEqual(1L, await history.ScalarAsync<long>("select count(*) from hangfire.jobqueue"));
    }

    /// <summary>The ticket was read before the job was requeued, so the job does not hold its unique key yet.</summary>
    [TestMethod]
    public async Task A_revived_job_is_checked_again_after_locking()
    {
        await using var history = await AuditHistory.CreateAsync();
        var job = await history.EnqueueAsync("tidy");
        await history.DoAsync("update harmony.job set revived = true, unique_key = 'k', claim = null where job_id = @job", new { job });

        var started = await history.ScalarAsync<long>(
            """
            select count(*)
            from harmony.start('one', (
                select array_agg((q.id, q.jobid, q.queue, 'tidy', 'work', 'Enqueued', 0, false)::harmony.ticket)
                from hangfire.jobqueue q))
            """);

        Assert.AreEqual(0L, started);
        Assert.HasCount(1, await history.StartAsync());
        Assert.AreEqual("k", await history.ScalarAsync<string>("select claim from harmony.job where job_id = @job", new { job }));
    }

    /// <summary>A job that was started twice in a row without an outcome starts alone in its process.</summary>
    [TestMethod]
    public async Task A_process_runs_one_third_start_at_a_time()
    {
        await using var history = await AuditHistory.CreateAsync();
        await history.DoAsync("select harmony.join_fleet('server-a', 60, '{}'), harmony.join_fleet('server-b', 60, '{}')");
        await history.EnqueueAsync("tidy");
        await history.EnqueueAsync("tidy");
        for (var death = 1; death <= 2; death++)
        {
            Assert.HasCount(2, await history.StartAsync("died"));
            await history.PassAsync("2 minutes");
            await history.UpkeepAsync();
        }

        await history.Database.Database.InTransactionAsync(
            async work =>
            {
                Assert.AreEqual(1L, await work.QueryFirstAsync<long>(
                    "select count(*) from harmony.fetch('server-a', array['tidy'], array['work'], array[1], 1, 1)", null, CancellationToken.None));
                Assert.IsEmpty(await history.StartAsync(), "the same process, at the same time");
                Assert.HasCount(1, await history.StartAsync("server-b"), "another one is not its neighbour");
            },
            CancellationToken.None);
        Assert.IsEmpty(await history.StartAsync());
    }

    private sealed record NothingArgs : IJobArgs
    {
        public static string Kind => "nothing";
    }

    private sealed class NothingJob : IJob<NothingArgs>
    {
        public static JobSpec Spec { get; } = new("work");

        public Task<JobEnd> RunAsync(NothingArgs args, JobRun run, CancellationToken cancellationToken) => Task.FromResult(JobEnd.Done());
    }
}
