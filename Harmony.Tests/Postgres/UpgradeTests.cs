using Harmony.Data;
using Harmony.Data.Migrations;
using Harmony.Orchestrator;

namespace Harmony.Tests.Postgres;

/// <summary>Upgrades while the work goes on: what an earlier release began, and what its processes still say, ends well.</summary>
[TestClass]
public sealed class UpgradeTests
{
    private const int All = 50;

    private static readonly Lane[] Lanes = [new("work", 8)];

    private TestDatabase _place = null!;

    [TestInitialize]
    public async Task CreateAsync() => _place = await TestDatabase.CreateBeforeBaselineAsync();

    [TestCleanup]
    public async Task DropAsync() => await _place.DisposeAsync();

    [TestMethod]
    public async Task Jobs_in_every_state_survive_the_migration()
    {
        var migrator = new Migrator(_place.Source, "hangfire");
        await SyncAsync();
        await EnqueueAsync(12);
        await DoAsync("select harmony.enqueue('only', jsonb_build_object('n', 1), 50, harmony.now() + interval '1 second')");
        await DoAsync("select harmony.enqueue('only', jsonb_build_object('n', i)) from generate_series(2, 4) i");
        await DoAsync("select harmony.pause('kind', 'only')");
        var held = await FetchAsync("old-1", All);
        Assert.HasCount(12, held);
        string[] endings = ["succeeded", "discarded", "dead", "retry", "snoozed", "parked", "returned"];
        await FinishAsync("old-1", held.Take(endings.Length).Zip(endings));
        Assert.AreEqual(
            "Deleted 1, Enqueued 4, Failed 1, Processing 5, Scheduled 4, Succeeded 1",
            await TextAsync("select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from harmony.job group by state) s"));

        // The returned job is fetched by a transaction that is still open while the migration comes.
        IReadOnlyList<AuditRun> late = [];
        Task<SchemaChanges> upgrade = null!;
        await _place.Database.InTransactionAsync(
            async work =>
            {
                late = await work.QueryAsync<AuditRun>(FetchSql, FetchArgs("old-2", All), CancellationToken.None);
                upgrade = migrator.UpAsync(CancellationToken.None);
                await Until.SeenAsync(() => TextAsync("select count(*)::text from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"), n => n == "1");
            },
            CancellationToken.None);
        Assert.IsNotEmpty((await upgrade).Functions);
        Assert.HasCount(1, late);

        // Processes of the release before go on with the calls they know; one of them was killed with a job in its hands.
        var rest = held.Skip(endings.Length).ToList();
        Assert.AreEqual("5", await TextAsync(
            "select count(*)::text from harmony.renew(@tickets, @fences)", new { tickets = rest.Select(r => r.TicketId).ToArray(), fences = rest.Select(r => r.Fence).ToArray() }));
        await FinishAsync("old-1", rest.Skip(1).Zip(["succeeded", "retry", "snoozed", "returned"]));
        await FinishAsync("old-2", late.Zip(["succeeded"]));
        await SyncAsync();
        await EnqueueAsync(3);
        await FinishAsync("old-2", (await FetchAsync("old-2", 2)).Zip(["succeeded", "snoozed"]));
        await DoAsync("select harmony.requeue(kind => 'nothing'), harmony.wake('bell'), harmony.resume('kind', 'only'), harmony.release_due(100), harmony.rescue(100)");

        await using var current = await TestFleet.StartAsync(_place, Lanes, [typeof(NothingJob), typeof(OnlyJob)]);
        var old = await FetchAsync("old-2", 2);
        await FinishAsync("old-2", old.Zip(["succeeded", "succeeded"]));
        await Until.SeenAsync(
            () => TextAsync("select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from harmony.job group by state) s"),
            states => states == "Deleted 1, Succeeded 18",
            TimeSpan.FromSeconds(60));
        Assert.AreEqual("", string.Join('\n', await AuditQuery.Named("self_check").RunAsync(_place.Source, new Dictionary<string, string>())));
        await DashboardNumbers.AreRightAsync(_place.Database);
    }

    [TestMethod]
    public async Task An_unknown_kind_waits_for_the_newer_version()
    {
        await new Migrator(_place.Source, "hangfire").UpAsync(CancellationToken.None);
        await SyncAsync();
        await EnqueueAsync(1);
        Assert.IsEmpty(await FetchAsync("old-1", All, "only"));
        Assert.AreEqual("Snoozed: this version does not know the kind nothing", await TextAsync("select reason from harmony.job"));
        await DoAsync("select harmony.shift_clock('61 seconds'), harmony.release_due(10)");
        Assert.HasCount(1, await FetchAsync("new-1", All));
        Assert.AreEqual("0", await TextAsync("select attempts::text from harmony.job"));
    }

    // The calls as the previous release writes them.
    private const string FetchSql =
        """
        select ticket_id, job_id, fence, kind
        from harmony.fetch(@server, @kinds, @lanes, @rooms, @room, 1)
        order by job_id
        """;

    private static object FetchArgs(string server, int room, params string[] kinds) => new
    {
        server,
        kinds = kinds.Length > 0 ? kinds : ["nothing", "only"],
        lanes = new[] { "work" },
        rooms = new[] { room },
        room,
    };

    private Task<IReadOnlyList<AuditRun>> FetchAsync(string server, int room, params string[] kinds) =>
        _place.Database.QueryAsync<AuditRun>(FetchSql, FetchArgs(server, room, kinds), CancellationToken.None);

    private async Task FinishAsync(string server, IEnumerable<(AuditRun Run, string Ending)> ended)
    {
        foreach (var (run, ending) in ended)
        {
            Assert.AreEqual("ok", await TextAsync(
                """
                select answer
                from harmony.finish_many(@server, jsonb_build_array(jsonb_build_object(
                    't', @TicketId, 'j', @JobId, 'f', @Fence, 'o', @ending, 'ms', 5, 'r', 'why', 'k', 'bell', 'd', case @ending when 'parked' then 3600 else 0 end,
                    'c', 'no_use', 'et', 'System.Exception', 'em', 'boom')))
                """,
                new { server, ending, run.TicketId, run.JobId, run.Fence }));
        }
    }

    private Task SyncAsync() => DoAsync(
        """
        select harmony.sync_kinds(
            '[{"kind": "nothing", "lane": "work", "max_retries": 5, "timeout_seconds": 60, "default_priority": 50, "operator_startable": true},
              {"kind": "only", "lane": "work", "key_template": "only:{n}", "unique_until": "finished", "max_retries": 5, "timeout_seconds": 60,
               "default_priority": 50, "operator_startable": true}]', '[]')
        """);

    private Task EnqueueAsync(int jobs) => DoAsync("select harmony.enqueue('nothing') from generate_series(1, @jobs)", new { jobs });

    private Task DoAsync(string sql, object? args = null) => _place.Database.ExecuteAsync(sql, args, CancellationToken.None);

    private Task<string?> TextAsync(string sql, object? args = null) => _place.Database.QueryFirstAsync<string>(sql, args, CancellationToken.None);

    private sealed record NothingArgs : IJobArgs
    {
        public static string Kind => "nothing";
    }

    private sealed class NothingJob : IJob<NothingArgs>
    {
        public static JobSpec Spec { get; } = new("work");

        public Task<JobEnd> RunAsync(NothingArgs args, JobRun run, CancellationToken cancellationToken) => Task.FromResult(JobEnd.Done());
    }

    private sealed record OnlyArgs(int N) : IJobArgs
    {
        public static string Kind => "only";
    }

    private sealed class OnlyJob : IJob<OnlyArgs>
    {
        public static JobSpec Spec { get; } = new("work") { UniqueKey = "only:{n}" };

        public Task<JobEnd> RunAsync(OnlyArgs args, JobRun run, CancellationToken cancellationToken) => Task.FromResult(JobEnd.Done());
    }
}
