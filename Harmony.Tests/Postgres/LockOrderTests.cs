using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>Two statements of the engine that lock the same rows lock them in the same order, so that one waits for the other.</summary>
[TestClass]
public sealed class LockOrderTests
{
    private TestDatabase _db = null!;
    private HandWorker _worker = null!;

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task CreateAsync()
    {
        _db = await TestDatabase.CreateAsync();
        _worker = new HandWorker(_db.Database, "one", "work");
        await HandWorker.SyncAsync(
            _db.Database, [HandWorker.Kind("call", "work", "phone")], new { lane = "work", permits = 34, seconds = 220 });
        await _db.Database.ExecuteAsync("select harmony.enqueue('call', '{}')", null, Ct);
    }

    [TestCleanup]
    public async Task DropAsync() => await _db.DisposeAsync();

    [TestMethod]
    public async Task A_wake_waits_for_the_timer_before_the_ledger()
    {
        await _worker.FinishAsync(await _worker.FetchAsync(1), "parked");

        // As run_now and move_job do.
        await AgainstAsync(
            "select from hangfire.set where key = 'schedule' for update",
            () => _db.Database.ExecuteAsync("select harmony.wake('bell')", null, Ct),
            "update harmony.job set due_at = harmony.now()");

        Assert.HasCount(1, await _worker.FetchAsync(1));
    }

    [TestMethod]
    public async Task A_fetch_waits_for_gates_before_rate_windows()
    {
        for (var failure = 0; failure < 5; failure++)
            await _db.Database.ExecuteAsync("select harmony.gate_failure('phone', 'no answer')", null, Ct);

        await _db.Database.ExecuteAsync("select harmony.shift_clock('2 minutes')", null, Ct);

        // As finish_many and the fetch after it do, in one transaction.
        await AgainstAsync("select from harmony.provider_gate for update", () => _worker.FetchAsync(1), "select from harmony.rate_window for update");
    }

    [TestMethod]
    public async Task A_gate_reset_waits_for_the_wake_key_before_the_gate()
    {
        for (var failure = 0; failure < 5; failure++)
            await _db.Database.ExecuteAsync("select harmony.gate_failure('phone', 'no answer')", null, Ct);

        // As finish_many does for a run that parks under the key of its gate.
        await AgainstAsync(
            "select pg_advisory_xact_lock(hashtextextended('harmony.wake:gate:phone', 0))",
            () => _db.Database.ExecuteAsync("select harmony.gate_reset('phone')", null, Ct),
            "select from harmony.provider_gate for update");
    }

    // The call waits for the first lock of this transaction; then the transaction takes the second one and commits.
    private async Task AgainstAsync(string first, Func<Task> call, string second)
    {
        await using var connection = await _db.Source.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await RunAsync(connection, first);
        var waiting = call();
        await Until.SeenAsync(
            () => _db.Database.QueryFirstAsync<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", null, Ct),
            seen => seen == 1);
        await RunAsync(connection, second);
        await transaction.CommitAsync(Ct);
        await waiting;
    }

    private async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
