using Harmony.Data;
using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Postgres;

/// <summary>What the worker promises about fetch, fence, lease and stop.</summary>
[TestClass]
public sealed class ConformanceTests : EngineFixture
{
    [TestMethod]
    public async Task Priority_goes_before_age()
    {
        await using var fleet = await StartAsync();
        await Desk(fleet).PauseAsync("ann", "lane", "narrow", null, CancellationToken.None);
        long[] low = [await OneAsync(fleet, "low 1", 10), await OneAsync(fleet, "low 2", 10)];
        for (var i = 0; i < 8; i++)
            await OneAsync(fleet, $"high {i}", 90);
        await Desk(fleet).ResumeAsync("ann", "lane", "narrow", CancellationToken.None);
        await Until.SeenAsync(() => CountAsync("Succeeded"), n => n == 10);

        var order = await Db.QueryAsync<long>("select job_id from harmony.job_event where to_state = 'Processing' order by event_id", null, CancellationToken.None);
        // Every tenth look takes the oldest of any band, so that low ones do not starve: one of the two may be early.
        Assert.IsGreaterThanOrEqualTo(3, order.ToList().IndexOf(low[1]));
    }

    [TestMethod]
    public async Task A_paused_lane_is_not_fetched_until_resumed()
    {
        await using var fleet = await StartAsync();
        await Desk(fleet).PauseAsync("ann", "lane", "work", null, CancellationToken.None);
        var job = await EnqueueAsync(fleet, new EchoArgs("later"));
        await StateIsAsync(await OneAsync(fleet, "another lane", 50), "Succeeded");
        await Task.Delay(1000);
        Assert.AreEqual("Enqueued", await PathAsync(job.JobId));
        await Desk(fleet).ResumeAsync("ann", "lane", "work", CancellationToken.None);
        await StateIsAsync(job.JobId, "Succeeded");
    }

    [TestMethod]
    public async Task A_paused_kind_does_not_block_other_kinds()
    {
        await using var fleet = await StartAsync();
        await Desk(fleet).PauseAsync("ann", "kind", "echo", null, CancellationToken.None);
        var paused = await EnqueueAsync(fleet, new EchoArgs("later"));
        var other = await EnqueueAsync(fleet, new CrowdArgs());
        await StateIsAsync(other.JobId, "Succeeded");
        await Until.SeenAsync(() => ScalarAsync<string>("select queue from hangfire.jobqueue where jobid = @JobId", paused), q => q == "parked");
        await Desk(fleet).ResumeAsync("ann", "kind", "echo", CancellationToken.None);
        await StateIsAsync(paused.JobId, "Succeeded");
    }

    [TestMethod]
    public async Task A_blocked_provider_holds_every_job_calling_it()
    {
        await using var fleet = await StartAsync();
        var first = await EnqueueAsync(fleet, new BlockedArgs());
        await StateIsAsync(first.JobId, "Scheduled");
        Assert.AreEqual(0, await ScalarAsync<int>("select attempts from harmony.job where job_id = @JobId", first));
        var second = await EnqueueAsync(fleet, new BlockedArgs());
        await Until.SeenAsync(() => ScalarAsync<string>("select queue from hangfire.jobqueue where jobid = @JobId", second), q => q == "parked");
        await ScalarAsync<bool>("select harmony.gate_reset('shop')", null);
        await StateIsAsync(second.JobId, "Succeeded");
    }

    [TestMethod]
    public async Task A_rate_window_holds_over_all_processes()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        for (var i = 0; i < 6; i++)
            await EnqueueAsync(one, new RatedArgs());
        await Until.SeenAsync(() => CountAsync("Succeeded"), n => n >= 2);
        await Task.Delay(1500);
        Assert.AreEqual(2L, await CountAsync("Succeeded"));
        Assert.AreEqual(4L, await CountAsync("Enqueued"));
    }

    [TestMethod]
    public async Task A_process_runs_no_more_than_its_limit()
    {
        await using var fleet = await StartAsync(o => o.GlobalConcurrency = 2);
        for (var i = 0; i < 8; i++)
            await EnqueueAsync(fleet, new CrowdArgs());
        for (var i = 0; i < 4; i++)
            await OneAsync(fleet, $"{i}", 50);
        await Until.SeenAsync(() => CountAsync("Succeeded"), n => n == 12);
        Assert.AreEqual(2, Seen.Most);
    }

    [TestMethod]
    public async Task A_run_without_its_lease_cannot_write_or_finish()
    {
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new StubbornArgs());
        await StateIsAsync(job.JobId, "Processing");
        var fence = await Db.InTransactionAsync(
            async work =>
            {
                await work.ExecuteAsync("update hangfire.jobqueue set fetchedat = null", null, CancellationToken.None);
                return await work.QueryFirstAsync<long>("select fence from harmony.fetch('thief', array['stubborn'], array['work'], array[1], 1, 1)", null, CancellationToken.None);
            },
            CancellationToken.None);
        Assert.AreNotEqual(0L, fence);

        await Until.SeenAsync(() => Task.FromResult(Seen.Stopped.Contains(job.JobId)), told => told);
        Seen.Released.SetResult();
        await Until.SeenAsync(() => Task.FromResult(Seen.Refused.Contains(job.JobId)), refused => refused);
        await fleet.StopAsync();
        Assert.AreEqual("Enqueued>Processing>Processing", await PathAsync(job.JobId));
        Assert.AreEqual(fence, await ScalarAsync<long>("select stateid from hangfire.job where id = @JobId", job));
        Assert.AreEqual(1L, await ScalarAsync<long>("select count(*) from hangfire.jobqueue where fetchedat is not null", null));
    }

    [TestMethod]
    public async Task Two_runs_of_one_job_end_it_once()
    {
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new StubbornArgs());
        await StateIsAsync(job.JobId, "Processing");
        await Db.ExecuteAsync("update hangfire.jobqueue set fetchedat = null; notify new_job", null, CancellationToken.None);
        await Until.SeenAsync(() => PathAsync(job.JobId), p => p == "Enqueued>Processing>Processing");
        Seen.Released.SetResult();
        await StateIsAsync(job.JobId, "Succeeded");
        await StateIsAsync((await EnqueueAsync(fleet, new EchoArgs("next"))).JobId, "Succeeded");
        Assert.AreEqual("Enqueued>Processing>Processing>Succeeded", await PathAsync(job.JobId));
    }

    [TestMethod]
    public async Task Jobs_of_a_killed_process_are_taken_over()
    {
        await SyncKindsAsync();
        var job = await new JobQueue(Db).EnqueueAsync(new EchoArgs("again"), null, CancellationToken.None);
        await ScalarAsync<long>("select fence from harmony.fetch('killed', array['echo'], array['work'], array[1], 1, 1)", null);
        await using var fleet = await StartAsync();
        await StateIsAsync(job.JobId, "Succeeded");
        Assert.AreEqual("Enqueued>Processing>Processing>Succeeded", await PathAsync(job.JobId));
        Assert.AreEqual(0, await ScalarAsync<int>("select attempts from harmony.job where job_id = @JobId", job));
    }

    [TestMethod]
    public async Task A_job_longer_than_its_lease_runs_once()
    {
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new SlowArgs(8000));
        await StateIsAsync(job.JobId, "Succeeded");
        Assert.AreEqual("Enqueued>Processing>Succeeded", await PathAsync(job.JobId));
    }

    [TestMethod]
    public async Task A_job_that_ignores_the_stop_cannot_finish()
    {
        var fleet = await StartAsync(o => o.ShutdownGraceSeconds = 0);
        var job = await EnqueueAsync(fleet, new StubbornArgs());
        await StateIsAsync(job.JobId, "Processing");
        await fleet.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15));
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from hangfire.server", null));

        await using var next = await StartAsync();
        await Until.SeenAsync(() => PathAsync(job.JobId), p => p == "Enqueued>Processing>Processing");
        Seen.Released.SetResult();
        await Until.SeenAsync(() => Task.FromResult(Seen.Refused.Contains(job.JobId)), refused => refused);
        await StateIsAsync(job.JobId, "Succeeded");
        Assert.AreEqual("Enqueued>Processing>Processing>Succeeded", await PathAsync(job.JobId));
    }

    [TestMethod]
    public async Task Each_process_is_one_server_row_until_stopped()
    {
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new SlowArgs(1000));
        await StateIsAsync(job.JobId, "Processing");
        var server = await ScalarAsync<string>("select string_agg(id, ' ') from hangfire.server", null);
        Assert.AreEqual(server, await ScalarAsync<string>("select worker from harmony.job where job_id = @JobId", job));
        await StateIsAsync(job.JobId, "Succeeded");
        await fleet.StopAsync();
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from hangfire.server", null));
    }

    [TestMethod]
    public async Task Two_processes_share_the_work_without_duplicate_effects()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await ShareAsync(one);
    }

    private async Task ShareAsync(TestFleet fleet)
    {
        await Db.ExecuteAsync("create table effect (job_id bigint)", null, CancellationToken.None);
        await Db.InTransactionAsync(
            work => fleet.Services.GetRequiredService<JobQueue>().EnqueueManyAsync(
                work, [.. Enumerable.Range(0, 300).Select(_ => new EffectArgs())], null, CancellationToken.None),
            CancellationToken.None);
        await Until.SeenAsync(() => CountAsync("Succeeded"), n => n == 300);
        Assert.AreEqual("300 300", await ScalarAsync<string>("select concat(count(*), ' ', count(distinct job_id)) from effect", null));
        Assert.AreEqual(2L, await ScalarAsync<long>("select count(distinct worker) from harmony.job_event where to_state = 'Processing'", null));
    }

    private static async Task<long> OneAsync(TestFleet fleet, string name, int priority) => (await EnqueueAsync(fleet, new OnlyOneArgs(name), priority)).JobId;

    private static JobOperations Desk(TestFleet fleet) => fleet.Services.GetRequiredService<JobOperations>();
}
