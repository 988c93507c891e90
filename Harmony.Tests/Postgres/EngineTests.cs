using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Postgres;

/// <summary>What the engine does with a job.</summary>
[TestClass]
public sealed class EngineTests : EngineFixture
{
    [TestMethod]
    public async Task An_enqueued_job_runs_once_with_full_history()
    {
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new EchoArgs("ö"));
        await StateIsAsync(job.JobId, "Succeeded");
        Assert.AreEqual(
            "Enqueued>Processing>Succeeded",
            await ScalarAsync<string>("select string_agg(to_state, '>' order by event_id) from harmony.job_event where job_id = @id", new { id = job.JobId }));
        Assert.AreEqual("ö", await ScalarAsync<string>("select result ->> 'said' from harmony.job where job_id = @id", new { id = job.JobId }));
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from hangfire.jobqueue", null));
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from hangfire.lock where resource like 'hangfire:job:%'", null));
    }

    [TestMethod]
    public async Task A_stop_retries_a_locked_job_at_intervals()
    {
        await Db.ExecuteAsync("do $$ begin execute format('alter database %I set track_functions = pl', current_database()); end $$", null, CancellationToken.None);
        Place.Source.Clear();
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new SlowArgs(1000));
        await StateIsAsync(job.JobId, "Processing");
        await Db.ExecuteAsync(
            "insert into hangfire.lock (resource, acquired) values (format('hangfire:job:%s:state-lock', @JobId), clock_timestamp())", job, CancellationToken.None);

        await fleet.StopAsync();

        Assert.AreEqual("Processing", await ScalarAsync<string>("select state from harmony.job where job_id = @JobId", job));
        Place.Source.Clear();
        var offers = await Until.SeenAsync(
            () => ScalarAsync<long>("select coalesce(max(calls), 0) from pg_stat_user_functions where funcname = 'finish_many'", null), n => n > 0);
        Assert.IsInRange(3, 60, offers, "a few seconds' worth of tries, a tenth of a second apart");
    }

    [TestMethod]
    public async Task A_maximum_poll_interval_below_100_ms_works()
    {
        await using var fleet = await StartAsync(o => (o.PollMs, o.PollMaxMs) = (10, 50));
        await Task.Delay(500);
        var job = await EnqueueAsync(fleet, new EchoArgs("still here"));
        await StateIsAsync(job.JobId, "Succeeded");
    }

    [TestMethod]
    public async Task A_rolled_back_enqueue_leaves_no_job()
    {
        await using var fleet = await StartAsync();
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => Db.InTransactionAsync(
            async work =>
            {
                await fleet.Services.GetRequiredService<JobQueue>().EnqueueAsync(work, new EchoArgs("gone"), null, CancellationToken.None);
                throw new InvalidOperationException("rolled back");
            },
            CancellationToken.None));
        var next = await EnqueueAsync(fleet, new EchoArgs("here"));
        await StateIsAsync(next.JobId, "Succeeded");
        Assert.AreEqual(1L, await ScalarAsync<long>("select count(*) from harmony.job", null));
    }

    [TestMethod]
    public async Task Ten_thousand_jobs_are_enqueued_in_one_statement()
    {
        await SyncKindsAsync();
        var made = await ScalarAsync<long>(
            "select count(*) from harmony.enqueue_many('echo', (select array_agg(jsonb_build_object('say', i)) from generate_series(1, 10000) i))", null);
        Assert.AreEqual(10_000L, made);
        Assert.AreEqual(10_000L, await ScalarAsync<long>("select count(*) from hangfire.jobqueue", null));
        Assert.AreEqual(10_000L, await ScalarAsync<long>("select count(*) from harmony.job_event", null));
    }

    [TestMethod]
    public async Task Fifty_racing_enqueues_of_one_key_give_one_job()
    {
        await SyncKindsAsync();
        var queue = new JobQueue(Db);
        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => queue.EnqueueAsync(new OnlyOneArgs("k"), null, CancellationToken.None)));
        Assert.AreEqual(1, all.Select(e => e.JobId).Distinct().Count());
        Assert.AreEqual(49, all.Count(e => e.AlreadyEnqueued));
    }

    [TestMethod]
    public async Task A_finished_job_releases_its_unique_key()
    {
        await SyncKindsAsync();
        var queue = new JobQueue(Db);
        var first = await queue.EnqueueAsync(new OnlyOneArgs("k"), null, CancellationToken.None);
        var twin = await queue.EnqueueAsync(new OnlyOneArgs("k", true), null, CancellationToken.None);
        Assert.AreEqual(first.JobId, twin.JobId);
        Assert.IsTrue(await ScalarAsync<bool>("select forced from harmony.job where job_id = @id", new { id = first.JobId }));
        await using var fleet = await StartAsync();
        await StateIsAsync(first.JobId, "Succeeded");
        var again = await queue.EnqueueAsync(new OnlyOneArgs("k"), null, CancellationToken.None);
        Assert.IsFalse(again.AlreadyEnqueued);
    }

    [TestMethod]
    public async Task A_failing_job_is_dead_lettered_after_its_retries()
    {
        await using var fleet = await StartAsync(o => o.RetryByKind = new Dictionary<string, RetryOverride>
        {
            ["fail"] = new(2, TimeSpan.FromMilliseconds(10), 0.2, null),
        });
        var job = await EnqueueAsync(fleet, new FailArgs("boom"));
        await StateIsAsync(job.JobId, "Failed");
        const string path = "Enqueued>Processing>Failed>Scheduled>Processing>Failed>Scheduled>Processing>Failed";
        Assert.AreEqual(path, await PathAsync(job.JobId));
        Assert.AreEqual(3, await ScalarAsync<int>("select attempts from harmony.job where job_id = @id", new { id = job.JobId }));
        Assert.AreEqual("retries_exhausted", await ScalarAsync<string>("select reason_code from harmony.job where job_id = @id", new { id = job.JobId }));
        Assert.AreEqual("boom", await ScalarAsync<string>("select last_error from harmony.job where job_id = @id", new { id = job.JobId }));

        var desk = fleet.Services.GetRequiredService<JobOperations>();
        var outcome = await desk.RequeueAsync("ann", [job.JobId], CancellationToken.None);
        Assert.AreEqual(OperatorOutcome.Requeued, outcome.Single().Outcome);
        await Until.SeenAsync(() => PathAsync(job.JobId), p => p == path + ">" + path);
        Assert.AreEqual("ann", await ScalarAsync<string>("select actor from harmony.operator_action where action = 'requeue'", null));
        Assert.AreEqual(
            "ann",
            await ScalarAsync<string>("select actor from harmony.job_event where job_id = @id and reason = 'Requeued by ann'", new { id = job.JobId }));
    }

    [TestMethod]
    public async Task A_permanent_error_is_a_dead_letter_at_once()
    {
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new FailArgs("no use", "no_use"));
        await StateIsAsync(job.JobId, "Failed");
        Assert.AreEqual("Enqueued>Processing>Failed", await PathAsync(job.JobId));
        Assert.AreEqual("no_use", await ScalarAsync<string>("select reason_code from harmony.job where job_id = @id", new { id = job.JobId }));
    }

    [TestMethod]
    public async Task A_parked_job_is_woken_even_before_it_parks()
    {
        await using var fleet = await StartAsync();
        var parked = await EnqueueAsync(fleet, new ParkArgs("sleepy", false));
        await StateIsAsync(parked.JobId, "Scheduled");
        await Db.InTransactionAsync(
            work => new JobQueue(Db).WakeAsync(work, "sleepy", CancellationToken.None), CancellationToken.None);
        await StateIsAsync(parked.JobId, "Succeeded");

        var early = await EnqueueAsync(fleet, new ParkArgs("early", true));
        await StateIsAsync(early.JobId, "Succeeded");
        Assert.AreEqual(0, await ScalarAsync<int>("select attempts from harmony.job where job_id = @id", new { id = early.JobId }));
    }

    [TestMethod]
    public async Task A_stop_returns_running_jobs_without_an_attempt()
    {
        var fleet = await StartAsync(o => o.ShutdownGraceSeconds = 0);
        var job = await EnqueueAsync(fleet, new SlowArgs(60_000));
        await StateIsAsync(job.JobId, "Processing");
        await fleet.DisposeAsync();
        Assert.AreEqual("Enqueued>Processing>Enqueued", await PathAsync(job.JobId));
        Assert.AreEqual(0, await ScalarAsync<int>("select attempts from harmony.job where job_id = @id", new { id = job.JobId }));
        Assert.AreEqual(1L, await ScalarAsync<long>("select count(*) from hangfire.jobqueue where fetchedat is null", null));
    }

    [TestMethod]
    public async Task A_cancelled_job_stops_running()
    {
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new SlowArgs(60_000));
        await StateIsAsync(job.JobId, "Processing");
        Assert.AreEqual(OperatorOutcome.Cancelled, await fleet.Services.GetRequiredService<JobOperations>().CancelAsync("ann", job.JobId, CancellationToken.None));
        await Until.SeenAsync(() => Task.FromResult(Seen.Stopped.Contains(job.JobId)), seen => seen);
        Assert.AreEqual("Enqueued>Processing>Deleted", await PathAsync(job.JobId));
    }

    [TestMethod]
    public async Task A_lane_never_runs_more_than_its_width()
    {
        await using var fleet = await StartAsync();
        for (var i = 0; i < 5; i++)
            await EnqueueAsync(fleet, new OnlyOneArgs(i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await Until.SeenAsync(() => ScalarAsync<long>("select count(*) from harmony.job where state = 'Succeeded'", null), n => n == 5);
        Assert.AreEqual(1, Seen.Most);
    }
}
