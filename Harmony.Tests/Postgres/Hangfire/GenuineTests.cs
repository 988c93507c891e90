using Harmony.Orchestrator;
using Harmony.Orchestrator.Genuine;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class GenuineEngineTests : EngineTests
{
    private protected override void AddEngine(IServiceCollection services) => services.AddGenuineJobServer("hangfire");
}

[TestClass]
public sealed class GenuineConformanceTests : ConformanceTests
{
    // Times, names and ids are of the run; everything else must be what the native server leaves.
    private const string Rows =
        """
        select string_agg(line, e'\n' order by line)
        from (
            select concat('state ', s.jobid, ' ', row_number() over (partition by s.jobid order by s.id), ' ', s.name, ' ', s.reason, ' ',
                (select string_agg(k, ',' order by k) from jsonb_object_keys(s.data) k), ' ', s.data ->> 'Result', ' ', s.data ->> 'ReasonCode') as line
            from hangfire.state s
            union all
            select concat('event ', e.job_id, ' ', row_number() over (partition by e.job_id order by e.event_id), ' ', e.from_state, '>', e.to_state, ' ', e.reason,
                ' ', e.actor, ' ', e.worker is not null, ' ', e.duration_ms is not null, ' ', left(e.error, 60))
            from harmony.job_event e
            union all
            select concat('job ', j.job_id, ' ', j.state, ' ', j.claim, ' ', j.attempts, ' ', j.reason_code, ' ', j.last_error, ' ', j.result, ' ', j.wake_key, ' ',
                h.statename, ' ', h.expireat is not null, ' ', h.invocationdata, ' ', h.arguments)
            from harmony.job j
            join hangfire.job h on h.id = j.job_id
            union all
            select concat('parameter ', p.jobid, ' ', p.name, ' ', p.value) from hangfire.jobparameter p
            union all
            select concat('set ', s.key, ' ', s.value) from hangfire.set s
            union all
            select concat('ticket ', q.jobid, ' ', q.queue, ' ', q.fetchedat is not null) from hangfire.jobqueue q
        ) all_rows (line)
        """;

    [TestMethod]
    public async Task Every_ending_leaves_the_rows_that_the_native_server_leaves()
    {
        await using var other = await TestDatabase.CreateAsync();
        var native = await RowsAsync(other, _ => { });
        Seen.Once.Clear();
        var genuine = await RowsAsync(Place, AddEngine);
        Assert.IsGreaterThan(40, native.Split('\n').Length);
        Assert.AreEqual(native, genuine);
    }

    [TestMethod]
    public async Task A_native_and_a_genuine_process_share_the_work()
    {
        await using var native = await StartAsync(Place, _ => { });
        await using var genuine = await StartAsync();
        await ShareAsync(genuine);
    }

    [TestMethod]
    public async Task A_server_row_that_somebody_deletes_costs_no_run()
    {
        await using var fleet = await StartAsync();
        Assert.AreEqual("GenuineServer", fleet.Services.GetRequiredService<IJobServer>().GetType().Name);
        var job = await EnqueueAsync(fleet, new SlowArgs(13_000));
        await StateIsAsync(job.JobId, "Processing");
        // Hangfire finds its row gone at a heartbeat and starts its server again, within the process.
        for (var i = 0; i < 120; i++)
        {
            await Db.ExecuteAsync("delete from hangfire.server", null, CancellationToken.None);
            await Task.Delay(100);
        }

        await StateIsAsync(job.JobId, "Succeeded");
        Assert.AreEqual("Enqueued>Processing>Succeeded", await PathAsync(job.JobId));
        var next = await EnqueueAsync(fleet, new EchoArgs("next"));
        await StateIsAsync(next.JobId, "Succeeded");
    }

    private protected override void AddEngine(IServiceCollection services) => services.AddGenuineJobServer("hangfire");

    private async Task<string> RowsAsync(TestDatabase place, Action<IServiceCollection> engine)
    {
        await using var fleet = await StartAsync(place, engine, o =>
        {
            o.ShutdownGraceSeconds = 0;
            o.RetryByKind = new Dictionary<string, RetryOverride> { ["fail"] = new(1, TimeSpan.FromMilliseconds(10), 0.2, null) };
        });
        await EnqueueAsync(fleet, new EchoArgs("ö \" \\"));
        await EnqueueAsync(fleet, new FailArgs("boom"));
        await EnqueueAsync(fleet, new FailArgs("no use", "no_use"));
        await EnqueueAsync(fleet, new OtherEndArgs("snooze"));
        await EnqueueAsync(fleet, new OtherEndArgs("discard"));
        await EnqueueAsync(fleet, new ParkArgs("sleepy", false));
        await EnqueueAsync(fleet, new OnlyOneArgs("k"));
        await EnqueueAsync(fleet, new BlockedArgs());
        await EnqueueAsync(fleet, new SlowArgs(60_000));
        await Until.SeenAsync(
            () => place.Database.QueryFirstAsync<string>(
                "select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from harmony.job group by state) s",
                null,
                CancellationToken.None),
            states => states == "Deleted 1, Failed 2, Processing 1, Scheduled 3, Succeeded 2");
        await fleet.StopAsync();
        return (await place.Database.QueryFirstAsync<string>(Rows, null, CancellationToken.None))!;
    }
}
