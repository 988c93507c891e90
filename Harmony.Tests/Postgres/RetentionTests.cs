using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Postgres;

/// <summary>A year later: what is forgotten, and what is not.</summary>
[TestClass]
public sealed class RetentionTests
{
    private static readonly Lane[] Lanes = [new("work", 4)];

    private TestDatabase _db = null!;
    private TestFleet _fleet = null!;

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task StartAsync()
    {
        _db = await TestDatabase.CreateAsync();
        _fleet = await TestFleet.StartAsync(_db, Lanes, [typeof(WellJob), typeof(IllJob)], o => o.DeadLetterRetentionDays = 30);
        await EnqueueAsync("well", 3);
        await EnqueueAsync("ill", 2);
        await Until.SeenAsync(() => CountAsync("select count(*) from harmony.job where state in ('Succeeded', 'Failed')"), n => n == 5);
        await _db.Database.ExecuteAsync("insert into harmony.schedule_slot (schedule, slot) values ('x', now())", null, Ct);
    }

    [TestCleanup]
    public async Task StopAsync()
    {
        await _fleet.DisposeAsync();
        await _db.DisposeAsync();
    }

    [TestMethod]
    public async Task Recent_rows_are_kept()
    {
        var swept = await SweepAsync();

        Assert.AreEqual((0, 0, 0, 0), (swept.Jobs, swept.DeadLetters, swept.Slots, swept.Months.Count));
        Assert.AreEqual(5L, await CountAsync("select count(*) from harmony.job"));
    }

    [TestMethod]
    public async Task Dead_letters_are_purged_after_a_month()
    {
        await LaterAsync("31 days");

        Assert.AreEqual(2, (await SweepAsync()).DeadLetters);
        Assert.AreEqual(2L, await CountAsync("select count(*) from harmony.job where state = 'Deleted' and reason_code = 'purged' and reason = 'Purged by retention'"));
        Assert.AreEqual(1L, await CountAsync("select count(*) from harmony.operator_action where actor = 'retention' and action = 'purge' and affected = 2"));
        Assert.AreEqual(5L, await CountAsync("select count(*) from harmony.job"));
    }

    [TestMethod]
    public async Task Ledger_and_history_are_deleted_after_a_year()
    {
        await LaterAsync("31 days");
        await SweepAsync();
        await LaterAsync("460 days");
        await _db.Database.ExecuteAsync("select harmony.expire(1000)", null, Ct);

        var swept = await SweepAsync();

        Assert.AreEqual((5, 1), (swept.Jobs, swept.Slots));
        Assert.IsNotEmpty(swept.Months);
        Assert.AreEqual(0L, await CountAsync("select count(*) from harmony.job"));
        Assert.AreEqual(0L, await CountAsync("select count(*) from harmony.job_event"));
        Assert.AreEqual(1L, await CountAsync("select count(*) from harmony.operator_action"));
    }

    [TestMethod]
    public async Task Dead_letters_are_kept_without_a_retention_limit()
    {
        _fleet.Services.GetRequiredService<OrchestratorOptions>().DeadLetterRetentionDays = 0;
        await LaterAsync("3000 days");
        await _db.Database.ExecuteAsync("select harmony.expire(1000)", null, Ct);

        await SweepAsync();

        Assert.AreEqual(2L, await CountAsync("select count(*) from harmony.job where state = 'Failed'"));
        Assert.AreEqual(2L, await CountAsync("select count(*) from harmony.job"));
    }

    private Task<Retention.Swept> SweepAsync() => _fleet.Services.GetRequiredService<Retention>().SweepAsync(_ => Task.CompletedTask, Ct);

    private Task<int> LaterAsync(string shift) => _db.Database.ExecuteAsync("select harmony.shift_clock(@shift::interval)", new { shift }, Ct);

    private Task<int> EnqueueAsync(string kind, int count) =>
        _db.Database.ExecuteAsync("select harmony.enqueue(@kind) from generate_series(1, @count)", new { kind, count }, Ct);

    private async Task<long> CountAsync(string sql) => await _db.Database.QueryFirstAsync<long>(sql, null, Ct);

    private sealed record WellArgs : IJobArgs
    {
        public static string Kind => "well";
    }

    private sealed class WellJob : IJob<WellArgs>
    {
        public static JobSpec Spec { get; } = new("work");

        public Task<JobEnd> RunAsync(WellArgs args, JobRun run, CancellationToken cancellationToken) => Task.FromResult(JobEnd.Done());
    }

    private sealed record IllArgs : IJobArgs
    {
        public static string Kind => "ill";
    }

    private sealed class IllJob : IJob<IllArgs>
    {
        public static JobSpec Spec { get; } = new("work");

        public Task<JobEnd> RunAsync(IllArgs args, JobRun run, CancellationToken cancellationToken) => throw new PermanentJobException("ill", "never works");
    }
}
