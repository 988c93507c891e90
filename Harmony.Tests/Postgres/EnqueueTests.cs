using System.Diagnostics;
using Harmony.Orchestrator;

namespace Harmony.Tests.Postgres;

/// <summary>Enqueue writes the actor, the trace and the job, and reads the answer, in one round trip.</summary>
[TestClass]
public sealed class EnqueueTests
{
    private TestDatabase _db = null!;
    private JobQueue _queue = null!;

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task StartAsync()
    {
        _db = await TestDatabase.CreateAsync();
        await HandWorker.SyncAsync(
            _db.Database,
            [
                HandWorker.Kind("noop", "operator"),
                new { kind = "once", lane = "operator", key_template = "once:{n}", unique_until = "finished", max_retries = 1, timeout_seconds = 60, default_priority = 50, operator_startable = true },
            ]);
        _queue = new JobQueue(_db.Database);
    }

    [TestCleanup]
    public async Task StopAsync() => await _db.DisposeAsync();

    [TestMethod]
    public async Task One_command_carries_actor_trace_and_answer()
    {
        using var commands = DatabaseCommands.Of(_db);
        using var caller = new Activity("caller").Start();

        var job = await _queue.EnqueueJsonAsync("noop", """{"n":1}""", new EnqueueOptions { Priority = 7, RequestedBy = "ann" }, Ct);

        Assert.HasCount(1, commands.Sent, string.Join("\n---\n", commands.Sent));
        Assert.AreEqual(("Enqueued", 7, false), (job.State, job.Priority, job.AlreadyEnqueued));
        Assert.AreEqual($"ann ann {caller.Id}", await ScalarAsync<string>(
            "select concat_ws(' ', e.actor, j.requested_by, j.trace_id) from harmony.job j join harmony.job_event e on e.job_id = j.job_id"));
    }

    [TestMethod]
    public async Task The_answer_matches_the_ledger()
    {
        var later = TimeProvider.System.GetUtcNow().AddHours(1);
        List<Enqueued> jobs =
        [
            await _queue.EnqueueJsonAsync("noop", "{}", null, Ct),
            await _queue.EnqueueJsonAsync("noop", "{}", new EnqueueOptions { Priority = 3, RunAt = later }, Ct),
            await _queue.EnqueueJsonAsync("once", """{"n":1}""", new EnqueueOptions { Priority = 9, RunAt = later }, Ct),
            await _queue.EnqueueJsonAsync("once", """{"n":1}""", new EnqueueOptions { Priority = 5 }, Ct),
        ];

        foreach (var job in jobs)
        {
            var row = (await _db.Database.QueryFirstAsync<Enqueued>(
                "select job_id, false as already_enqueued, state, priority, due_at from harmony.job where job_id = @JobId", job, Ct))!;
            Assert.AreEqual((row.State, row.Priority), (job.State, job.Priority));
            Assert.IsLessThan(TimeSpan.FromSeconds(1), (row.DueAt!.Value - job.DueAt!.Value).Duration());
        }

        Assert.AreEqual((jobs[2].JobId, true, "Scheduled", 9), (jobs[3].JobId, jobs[3].AlreadyEnqueued, jobs[3].State, jobs[3].Priority));
    }

    [TestMethod]
    public async Task A_duplicate_committed_while_waiting_is_returned()
    {
        Task<Enqueued> second;
        await using (var connection = await _db.Source.OpenConnectionAsync(Ct))
        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            await _queue.EnqueueManyAsync(new(connection, transaction), [new OnceArgs(1)], new EnqueueOptions { Priority = 9 }, Ct);
            second = _queue.EnqueueAsync(new OnceArgs(1), new EnqueueOptions { Priority = 5 }, Ct);
            await Until.SeenAsync(() => ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"), waiting => waiting == 1);
            await transaction.CommitAsync(Ct);
        }

        Assert.AreEqual((true, "Enqueued", 9), ((await second).AlreadyEnqueued, (await second).State, (await second).Priority));
    }

    [TestMethod]
    public async Task An_enqueue_in_a_transaction_is_one_command()
    {
        await using var connection = await _db.Source.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        using var commands = DatabaseCommands.Of(_db);

        var jobs = await _queue.EnqueueManyAsync(new(connection, transaction), [new OnceArgs(1), new OnceArgs(2), new OnceArgs(1)], null, Ct);

        Assert.HasCount(1, commands.Sent);
        CollectionAssert.AreEqual(new[] { jobs[0].JobId, jobs[1].JobId, jobs[0].JobId }, jobs.Select(j => j.JobId).ToArray());
        await transaction.RollbackAsync(Ct);
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from harmony.job"));
    }

    [TestMethod]
    public async Task The_actor_does_not_stay_on_the_connection()
    {
        await using var source = Harmony.Data.DataSources.Open($"{_db.ConnectionString};Maximum Pool Size=1", "one-connection");
        var queue = new JobQueue(new(source));

        await queue.EnqueueJsonAsync("noop", "{}", new EnqueueOptions { RequestedBy = "ann" }, Ct);
        await queue.EnqueueJsonAsync("noop", "{}", null, Ct);

        Assert.AreEqual("ann harmony", await ScalarAsync<string>("select string_agg(actor, ' ' order by event_id) from harmony.job_event"));
    }

    [TestMethod]
    public async Task An_undeclared_kind_is_refused()
    {
        var refused = await Assert.ThrowsExactlyAsync<Npgsql.PostgresException>(() => _queue.EnqueueJsonAsync("nothing", "{}", null, Ct));

        Assert.Contains("unknown job kind", refused.MessageText, StringComparison.Ordinal);
    }

    private Task<T?> ScalarAsync<T>(string sql) => _db.Database.QueryFirstAsync<T>(sql, null, Ct);

    private sealed record OnceArgs(int N) : IJobArgs
    {
        public static string Kind => "once";
    }
}
