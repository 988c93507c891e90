using Harmony.Orchestrator;

namespace Harmony.Tests.Postgres;

/// <summary>sql/audit/self_check.sql: silent while all is well, and outspoken about each way in which it is not.</summary>
[TestClass]
public sealed class AuditQueriesSelfCheckTests
{
    private AuditHistory _history = null!;

    [TestInitialize]
    public async Task CreateAsync() => _history = await AuditHistory.CreateAsync();

    [TestCleanup]
    public async Task DropAsync() => await _history.DisposeAsync();

    [TestMethod]
    public async Task A_valid_database_has_no_problem()
    {
        AuditEnding[] endings =
        [
            new("succeeded"),
            new("retry") { Error = "x", DelaySeconds = 5 },
            new("retry") { Error = "x", DelaySeconds = 9000 },
            new("dead") { Code = "no_use", Error = "x" },
            new("snoozed") { Reason = "later", DelaySeconds = 5 },
            new("parked") { Reason = "waits", WakeKey = "bell", DelaySeconds = 9000 },
            new("discarded") { Reason = "not needed", Code = "discarded" },
            new("returned"),
        ];
        for (var i = 0; i < 3 * endings.Length; i++)
            await _history.EnqueueAsync("sync", $$"""{"id":{{i}}}""");
        var runs = await _history.StartAsync();
        for (var i = 0; i < 2 * endings.Length; i++)
            await _history.EndAsync(runs[i], endings[i % endings.Length]);
        await _history.PassAsync("2 minutes");
        await _history.UpkeepAsync();
        await _history.EnqueueAsync("fetch");
        await _history.EnqueueAsync("tidy", runIn: "1 hour");
        await _history.DoAsync("select harmony.pause('provider', 'slskd')");
        await _history.StartAsync("server-b");
        await _history.DoAsync("select harmony.wake('bell')");
        await _history.DoAsync("select harmony.requeue(array(select l.job_id from harmony.job l where l.state = 'Failed' limit 1))");
        await _history.DoAsync("select harmony.purge()");
        await _history.DoAsync("select harmony.cancel((select min(l.job_id) from harmony.job l where l.state = 'Processing'))");

        Assert.AreEqual(
            "Deleted Enqueued Processing Scheduled Succeeded",
            await _history.ScalarAsync<string>("select string_agg(distinct state, ' ') from harmony.job"));
        Assert.AreEqual(1L, await _history.ScalarAsync<long>("select count(*) from hangfire.jobqueue where queue = 'parked'"));
        Assert.IsEmpty(await ProblemsAsync());
    }

    [TestMethod]
    public async Task Two_busy_servers_cause_no_finding()
    {
        await using var one = await TestFleet.StartAsync(_history.Database, [new("busy", 4)], [typeof(HopJob)]);
        await using var two = await TestFleet.StartAsync(_history.Database, [new("busy", 4)], [typeof(HopJob)]);
        await _history.DoAsync(
            "select harmony.enqueue_many('hop', (select array_agg(jsonb_build_object('n', i)) from generate_series(1, 400) i))");
        await Until.SeenAsync(
            async () =>
            {
                Assert.IsEmpty(await ProblemsAsync());
                return await _history.ScalarAsync<long>("select count(*) from harmony.job where state in ('Succeeded', 'Failed', 'Deleted')");
            },
            ended => ended == 400,
            TimeSpan.FromSeconds(60));
        Assert.IsEmpty(await ProblemsAsync());
    }

    [TestMethod]
    [DataRow("update harmony.job set state = 'Failed'", "the ledger does not have the job's state")]
    [DataRow("update harmony.job set state_id = state_id - 1", "the ledger does not have the job's state")]
    [DataRow("delete from harmony.job", "the ledger does not have the job's state")]
    [DataRow("delete from hangfire.job", "the job is not ended, but Hangfire does not have it")]
    [DataRow("delete from hangfire.jobqueue", "Enqueued, but without a ticket")]
    [DataRow("update hangfire.jobqueue set queue = 'gone_b'", "the ticket lies in queue gone_b, which no lane reads")]
    public async Task A_broken_waiting_job_is_reported(string harm, string problem)
    {
        var job = await _history.EnqueueAsync("tidy");
        Assert.IsEmpty(await ProblemsAsync());
        await _history.DoAsync(harm);
        CollectionAssert.AreEqual(new[] { $"{problem} | {job}" }, await ProblemsAsync());
    }

    [TestMethod]
    public async Task Jobs_without_timer_or_ticket_are_reported()
    {
        var running = await _history.EnqueueAsync("tidy");
        await _history.StartAsync();
        var scheduled = await _history.EnqueueAsync("tidy", runIn: "1 hour");
        Assert.IsEmpty(await ProblemsAsync());
        await _history.DoAsync("delete from hangfire.set where key = 'schedule'");
        await _history.DoAsync("delete from hangfire.jobqueue");
        CollectionAssert.AreEqual(
            new[]
            {
                $"Processing, but without a ticket: nobody would take it over | {running}",
                $"Scheduled, but with neither a timer nor a ticket | {scheduled}",
            },
            await ProblemsAsync());
    }

    [TestMethod]
    public async Task An_ended_job_with_a_unique_key_is_reported()
    {
        var job = await _history.EnqueueAsync("sync", """{"id":1}""");
        await _history.StartAndEndAsync(new("dead") { Code = "no_use", Error = "x" });
        Assert.IsEmpty(await ProblemsAsync());
        await _history.DoAsync("update harmony.job set claim = unique_key");
        CollectionAssert.AreEqual(
            new[] { $"ended, but still holds its unique key: no twin can be enqueued | {job}" }, await ProblemsAsync());
    }

    [TestMethod]
    public async Task An_outdated_ledger_row_is_reported()
    {
        await _history.DoAsync("alter table hangfire.state disable trigger harmony_follow_state");
        CollectionAssert.AreEqual(new[] { "the trigger that keeps the ledger is missing or switched off | -" }, await ProblemsAsync());
    }

    private Task<string[]> ProblemsAsync() => _history.AskAsync("self_check", "problem job_id");

    private sealed record HopArgs(int N) : IJobArgs
    {
        public static string Kind => "hop";
    }

    /// <summary>Every fourth puts itself off once before it succeeds; the others are discarded, dead or done.</summary>
    private sealed class HopJob : IJob<HopArgs>
    {
        public static JobSpec Spec { get; } = new("busy") { UniqueKey = "hop:{n}" };

        public async Task<JobEnd> RunAsync(HopArgs args, JobRun run, CancellationToken cancellationToken) => (args.N % 4) switch
        {
            0 => JobEnd.Discard("discarded", "not needed"),
            1 => throw new PermanentJobException("no_use", "never works"),
            2 when await run.OnceAsync("hop", _ => Task.CompletedTask, cancellationToken) => JobEnd.Snooze(TimeSpan.FromMilliseconds(200), "later"),
            _ => JobEnd.Done(),
        };
    }
}
