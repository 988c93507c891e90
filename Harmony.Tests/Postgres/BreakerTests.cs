using System.Text.Json;
using Harmony.Orchestrator;

namespace Harmony.Tests.Postgres;

/// <summary>A provider that fails is left alone by the whole fleet, and tried by one job at a time afterwards.</summary>
[TestClass]
public sealed class BreakerTests
{
    private TestDatabase _db = null!;
    private HandWorker _one = null!;
    private HandWorker _two = null!;

    [TestInitialize]
    public async Task CreateAsync()
    {
        _db = await TestDatabase.CreateAsync();
        _one = new HandWorker(_db.Database, "one", "work");
        _two = new HandWorker(_db.Database, "two", "work");
        await HandWorker.SyncAsync(_db.Database, [HandWorker.Kind("call", "work", "phone"), HandWorker.Kind("think", "work")]);
    }

    [TestCleanup]
    public async Task DropAsync() => await _db.DisposeAsync();

    [TestMethod]
    public async Task Five_consecutive_failures_block_only_their_provider()
    {
        await EnqueueAsync("call", 3);
        await EnqueueAsync("think", 1);
        for (var i = 0; i < 4; i++)
            Assert.AreEqual("closed", await FailAsync());
        Assert.AreEqual("open", await FailAsync());

        Assert.AreEqual("think", (await _one.FetchAsync(10)).Single().Kind);
        Assert.AreEqual(3L, await ScalarAsync<long>("select count(*) from hangfire.jobqueue where queue = 'parked'"));
        Assert.AreEqual(3L, await ScalarAsync<long>("select count(*) from harmony.job where kind = 'call' and attempts = 0 and state = 'Enqueued'"));
    }

    [TestMethod]
    public async Task A_success_resets_the_failure_count()
    {
        await EnqueueAsync("call", 1);
        for (var i = 0; i < 4; i++)
            await FailAsync();
        await _one.FinishAsync(await _one.FetchAsync(1));
        for (var i = 0; i < 4; i++)
            Assert.AreEqual("closed", await FailAsync());
    }

    [TestMethod]
    public async Task Two_successful_probes_unblock_the_provider()
    {
        await EnqueueAsync("call", 20);
        await CloseAsync();
        Assert.IsEmpty(await _one.FetchAsync(10));

        await LaterAsync("61 seconds");
        for (var probe = 0; probe < 2; probe++)
        {
            await UnparkAsync();
            var tried = await _one.FetchAsync(10);
            Assert.HasCount(1, tried);
            await UnparkAsync();
            Assert.IsEmpty(await _two.FetchAsync(10));
            await _one.FinishAsync(tried, probe == 0 ? "parked" : "succeeded");
        }

        Assert.AreEqual("closed", await GateAsync());
        await UnparkAsync();
        Assert.HasCount(18, await _two.FetchAsync(50));
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from hangfire.jobqueue where queue = 'parked'"));
        await UnparkAsync();
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from harmony.parked_kind"));
    }

    [TestMethod]
    public async Task A_failed_probe_blocks_the_provider_another_minute()
    {
        await EnqueueAsync("call", 5);
        await CloseAsync();
        await LaterAsync("61 seconds");
        var tried = await _one.FetchAsync(10);
        Assert.AreEqual("open", await FailAsync());
        await _one.FinishAsync(tried, "retry");

        await UnparkAsync();
        Assert.IsEmpty(await _one.FetchAsync(10));
        await LaterAsync("122 seconds");
        await UnparkAsync();
        Assert.HasCount(1, await _one.FetchAsync(10));
    }

    [TestMethod]
    public async Task A_lost_probe_is_replaced_after_thirty_seconds()
    {
        await EnqueueAsync("call", 5);
        await CloseAsync();
        await LaterAsync("61 seconds");
        Assert.HasCount(1, await _one.FetchAsync(10));
        await LaterAsync("85 seconds");
        await UnparkAsync();
        Assert.IsEmpty(await _two.FetchAsync(10));
        await LaterAsync("95 seconds");
        await UnparkAsync();
        Assert.HasCount(1, await _two.FetchAsync(10));
    }

    [TestMethod]
    public async Task A_returned_probe_does_not_count()
    {
        await EnqueueAsync("call", 5);
        await CloseAsync();
        await LaterAsync("61 seconds");
        for (var i = 0; i < 3; i++)
        {
            await UnparkAsync();
            await _one.FinishAsync(await _one.FetchAsync(10), "returned");
        }

        Assert.AreEqual("half_open", await GateAsync());
    }

    [TestMethod]
    public async Task Unpark_does_not_scan_jobs_of_a_blocked_provider()
    {
        await _db.Database.ExecuteAsync("select harmony.enqueue_many('call', array_fill('{}'::jsonb, array[5000]))", null, CancellationToken.None);
        await CloseAsync();
        while (await ScalarAsync<long>("select count(*) from hangfire.jobqueue where queue <> 'parked'") > 0)
            await _one.FetchAsync(10);
        await _db.Database.ExecuteAsync("analyze hangfire.jobqueue, harmony.job", null, CancellationToken.None);

        var plan = (await ScalarAsync<string>("explain (analyze, buffers, format json) select harmony.unpark(1000)"))!;
        var work = JsonDocument.Parse(plan).RootElement[0].GetProperty("Plan");
        var buffers = work.GetProperty("Shared Hit Blocks").GetInt64() + work.GetProperty("Shared Read Blocks").GetInt64();
        Assert.IsLessThan(1000, buffers, plan);
    }

    [TestMethod]
    public async Task A_guessed_wait_doubles_with_each_refusal()
    {
        var gates = new ProviderGates(_db.Database);
        var refusal = new ProviderBlockedException("phone", TimeSpan.FromMinutes(30), "busy") { LongestGuess = TimeSpan.FromHours(4) };
        var passed = TimeSpan.Zero;
        foreach (var minutes in new[] { 30, 60, 120, 240, 240 })
        {
            var gate = await gates.BlockAsync(refusal, CancellationToken.None);
            Assert.AreEqual(minutes, Math.Round(gate.Wait!.Value.TotalMinutes), 0.01);
            Assert.AreEqual(gate.BlockedUntil, (await gates.BlockAsync(refusal, CancellationToken.None)).BlockedUntil, "calls under way together are one refusal");
            await LaterAsync($"{(passed += gate.Wait.Value + TimeSpan.FromSeconds(1)).TotalSeconds} seconds");
        }

        await ScalarAsync<bool>("select harmony.gate_reset('phone')");
        Assert.AreEqual(30, Math.Round((await gates.BlockAsync(refusal, CancellationToken.None)).Wait!.Value.TotalMinutes), 0.01);
        Assert.AreEqual(TimeSpan.FromDays(1).TotalMinutes, Math.Round((await gates.BlockAsync(new("phone", TimeSpan.FromDays(1), "said"), CancellationToken.None)).Wait!.Value.TotalMinutes), 0.01);
        Assert.AreEqual(TimeSpan.FromDays(1).TotalMinutes, Math.Round((await gates.BlockAsync(refusal, CancellationToken.None)).Wait!.Value.TotalMinutes), 0.01, "a guess does not shorten what was said");
    }

    private async Task CloseAsync()
    {
        for (var i = 0; i < 5; i++)
            await FailAsync();
    }

    private Task<string?> FailAsync() => ScalarAsync<string>("select harmony.gate_failure('phone', 'no line')");

    private Task<string?> GateAsync() => ScalarAsync<string>("select state from harmony.provider_gate where provider = 'phone'");

    private Task UnparkAsync() => ScalarAsync<int>("select harmony.unpark(1000)");

    private Task LaterAsync(string by) => _db.Database.ExecuteAsync("select harmony.shift_clock(cast(@by as interval))", new { by }, CancellationToken.None);

    private Task EnqueueAsync(string kind, int count) =>
        _db.Database.ExecuteAsync("select harmony.enqueue_many(@kind, array_fill('{}'::jsonb, array[@count]))", new { kind, count }, CancellationToken.None);

    private Task<T?> ScalarAsync<T>(string sql) => _db.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None);
}
