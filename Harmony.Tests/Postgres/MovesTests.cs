using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>What an operator or a new version moves while workers are at it.</summary>
[TestClass]
public sealed class MovesTests
{
    private TestDatabase _db = null!;
    private HandWorker _worker = null!;
    private JobOperations _desk = null!;

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task CreateAsync()
    {
        _db = await TestDatabase.CreateAsync();
        _worker = new HandWorker(_db.Database, "one", "work", "other");
        _desk = new JobOperations(_db.Database);
        await HandWorker.SyncAsync(
            _db.Database,
            [
                HandWorker.Kind("plain", "work"),
                new { kind = "only", lane = "work", key_template = "only:{n}", unique_until = "finished", max_retries = 0, timeout_seconds = 60, default_priority = 50, operator_startable = true },
            ]);
    }

    [TestCleanup]
    public async Task DropAsync() => await _db.DisposeAsync();

    [TestMethod]
    public async Task A_refused_requeue_leaves_no_claim()
    {
        var dead = await EnqueueAsync("only", """{"n":1}""");
        await _worker.FinishAsync(await _worker.FetchAsync(1), "dead");
        await using var click = await _db.Source.OpenConnectionAsync(Ct);
        await using var transaction = await click.BeginTransactionAsync(Ct);
        await using (var command = new NpgsqlCommand($"insert into hangfire.lock (resource, acquired) values ('hangfire:job:{dead}:state-lock', clock_timestamp())", click, transaction))
            await command.ExecuteNonQueryAsync(Ct);
        await transaction.CommitAsync(Ct);

        Assert.AreEqual(OperatorOutcome.Busy, (await _desk.RequeueAsync("test", [dead], Ct)).Single().Outcome);

        Assert.AreNotEqual(dead, await EnqueueAsync("only", """{"n":1}"""));
    }

    [TestMethod]
    public async Task A_priority_change_moves_ticket_timer_and_job()
    {
        var first = await EnqueueAsync("plain", "{}");
        var late = await EnqueueAsync("plain", "{}");
        var timed = await ScalarAsync<long>("select job_id from harmony.enqueue('plain', '{}', null, harmony.now() + interval '1 hour')");

        Assert.AreEqual(OperatorOutcome.Changed, await _desk.SetPriorityAsync("test", late, 90, Ct));
        Assert.AreEqual(OperatorOutcome.Changed, await _desk.SetPriorityAsync("test", timed, 10, Ct));

        Assert.AreEqual("work_c", await ScalarAsync<string>($"select invocationdata ->> 'Queue' from hangfire.job where id = {timed}"));
        Assert.AreEqual($"work_c:{timed}", await ScalarAsync<string>("select value from hangfire.set where key = 'schedule'"));
        CollectionAssert.AreEqual(new[] { late, first }, (await _worker.FetchAsync(1)).Concat(await _worker.FetchAsync(1)).Select(t => t.JobId).ToArray());
        Assert.AreEqual(2L, await ScalarAsync<long>("select count(*) from harmony.operator_action where action = 'set_priority' and actor = 'test'"));
        Assert.AreEqual(OperatorOutcome.NotFound, await _desk.SetPriorityAsync("test", 4711, 90, Ct));
    }

    [TestMethod]
    public async Task A_kind_with_another_lane_moves_its_jobs()
    {
        var waiting = await EnqueueAsync("plain", "{}");
        await ScalarAsync<long>("select job_id from harmony.enqueue('plain', '{}', null, harmony.now() + interval '1 hour')");

        await HandWorker.SyncAsync(_db.Database, [HandWorker.Kind("plain", "other")]);

        Assert.AreEqual(waiting, (await new HandWorker(_db.Database, "new", "other").FetchAsync(5)).Single().JobId);
        await _db.Database.ExecuteAsync("select harmony.shift_clock('2 hours')", null, Ct);
        await ScalarAsync<int>("select harmony.release_due(10)");
        Assert.HasCount(1, await new HandWorker(_db.Database, "new", "other").FetchAsync(5));
    }

    [TestMethod]
    public async Task A_lane_without_its_rate_is_unlimited()
    {
        await HandWorker.SyncAsync(_db.Database, [HandWorker.Kind("plain", "work")], new { lane = "work", permits = 1, seconds = 3600 });
        await EnqueueAsync("plain", "{}");
        await EnqueueAsync("plain", "{}");
        Assert.HasCount(1, await _worker.FetchAsync(5));

        await HandWorker.SyncAsync(_db.Database, [HandWorker.Kind("plain", "work")]);

        Assert.HasCount(1, await _worker.FetchAsync(5));
    }

    [TestMethod]
    public async Task A_locked_ticket_is_busy_and_cannot_deadlock()
    {
        var job = await EnqueueAsync("plain", "{}");
        await using (var worker = await _db.Source.OpenConnectionAsync(Ct))
        await using (var transaction = await worker.BeginTransactionAsync(Ct))
        {
            await using (var command = new NpgsqlCommand("select from hangfire.jobqueue for update", worker, transaction))
                await command.ExecuteNonQueryAsync(Ct);

            Assert.AreEqual(OperatorOutcome.Busy, await _desk.CancelAsync("test", job, Ct));
            Assert.AreEqual(OperatorOutcome.Busy, await _desk.SetPriorityAsync("test", job, 90, Ct));
        }

        Assert.AreEqual(OperatorOutcome.Cancelled, await _desk.CancelAsync("test", job, Ct));
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from hangfire.lock"));
    }

    private async Task<long> EnqueueAsync(string kind, string args) =>
        await _db.Database.QueryFirstAsync<long>("select job_id from harmony.enqueue(@kind, cast(@args as jsonb))", new { kind, args }, Ct);

    private Task<T?> ScalarAsync<T>(string sql) => _db.Database.QueryFirstAsync<T>(sql, null, Ct);
}
