using Cronos;
using Harmony.Jobs;
using Harmony.Orchestrator;
using Harmony.Orchestrator.Schedules;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Postgres;

/// <summary>Several servers on one database and a clock that the test moves: one job per slot.</summary>
[TestClass]
public sealed class ScheduleTests
{
    private static readonly Lane[] Lanes = [new("work", 4)];

    private TestDatabase _db = null!;

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task CreateAsync() => _db = await TestDatabase.CreateAsync();

    [TestCleanup]
    public async Task DropAsync() => await _db.DisposeAsync();

    [TestMethod]
    public async Task Three_servers_fire_each_slot_once()
    {
        await using var one = await StartAsync(Misfire.All);
        await using var two = await StartAsync(Misfire.All);
        var third = await StartAsync(Misfire.All);
        var began = await _db.Database.QueryFirstAsync<DateTimeOffset>("select date_trunc('minute', since) from harmony.schedule", null, Ct);

        await ShiftAsync("50 minutes");
        await Until.SeenAsync(() => CountAsync("select count(*) from harmony.schedule_slot"), n => n > 5);
        await third.DisposeAsync();
        await ShiftAsync("100 minutes");
        await Until.SeenAsync(() => CountAsync("select count(*) from harmony.schedule_slot"), n => n >= 100);
        await Until.SeenAsync(() => CountAsync("select count(*) from harmony.job where state <> 'Succeeded'"), n => n == 0);

        Assert.AreEqual(await CountAsync("select count(*) from harmony.schedule_slot"), await CountAsync("select count(distinct job_id) from harmony.schedule_slot"));
        Assert.AreEqual(await CountAsync("select count(*) from harmony.job"), await CountAsync("select count(*) from harmony.schedule_slot"));
        Assert.AreEqual(
            0L,
            await CountAsync(
                $"""
                select count(*)
                from generate_series(1, 100) m
                where not exists (
                    select from harmony.schedule_slot s where s.slot = timestamptz '{began:O}' + make_interval(mins => m))
                """),
            "a slot was left out");
    }

    [TestMethod]
    [DataRow(Misfire.Once, "fired 1, missed 4")]
    [DataRow(Misfire.Skip, "missed 5")]
    [DataRow(Misfire.All, "fired 5")]
    public async Task The_misfire_policy_decides_about_missed_slots(Misfire misfire, string expected)
    {
        await using (await StartAsync(misfire, "@hourly"))
            await Until.SeenAsync(() => CountAsync("select count(*) from harmony.schedule"), n => n == 1);

        // Everybody is gone for five slots, and back twenty minutes after the last of them.
        await _db.Database.ExecuteAsync(
            "select harmony.shift_clock(date_trunc('hour', clock_timestamp()) + interval '5 hours 20 minutes' - clock_timestamp())", null, Ct);
        await using var back = await StartAsync(misfire, "@hourly");
        await Until.SeenAsync(() => CountAsync("select count(*) from harmony.schedule_slot"), n => n == 5);
        await Until.SeenAsync(
            () => _db.Database.QueryFirstAsync<string>(
                "select string_agg(outcome || ' ' || n, ', ' order by outcome) from (select outcome, count(*) as n from harmony.schedule_slot group by outcome) o",
                null,
                Ct),
            said => said == expected);
    }

    [TestMethod]
    public async Task A_paused_schedule_skips_slots_but_can_be_triggered()
    {
        await using var fleet = await StartAsync(Misfire.Once);
        var desk = fleet.Services.GetRequiredService<JobOperations>();
        await desk.PauseAsync("ann", "schedule", "tick", "quiet", Ct);
        await ShiftAsync("3 minutes");
        await Until.SeenAsync(() => CountAsync("select count(*) from harmony.schedule_slot where outcome = 'paused'"), n => n > 0);
        Assert.AreEqual(0L, await CountAsync("select count(*) from harmony.job"));

        var job = await desk.TriggerAsync("ann", "tick", Ct);
        await Until.SeenAsync(() => CountAsync($"select count(*) from harmony.job where job_id = {job} and state = 'Succeeded'"), n => n == 1);
        Assert.AreEqual("ann", await _db.Database.QueryFirstAsync<string>("select actor from harmony.operator_action where action = 'trigger'", null, Ct));
        Assert.IsNull(await desk.TriggerAsync("ann", "nothing", Ct));

        await desk.ResumeAsync("ann", "schedule", "tick", Ct);
        await ShiftAsync("5 minutes");
        await Until.SeenAsync(() => CountAsync("select count(*) from harmony.schedule_slot where outcome = 'fired'"), n => n > 0);
    }

    [TestMethod]
    public async Task Hangfires_recurring_set_shows_but_never_fires_it()
    {
        await using var fleet = await StartAsync(Misfire.Once);
        await Until.SeenAsync(() => CountAsync("select count(*) from hangfire.hash where key = 'recurring-job:tick'"), n => n == 9);
        Assert.AreEqual("*/1 * * * *", await _db.Database.QueryFirstAsync<string>("select value from hangfire.hash where key = 'recurring-job:tick' and field = 'Cron'", null, Ct));

        // What Hangfire's dashboard writes after "Trigger now".
        await _db.Database.ExecuteAsync("update hangfire.set set score = 1795220049 where key = 'recurring-jobs' and value = 'tick'", null, Ct);
        Assert.AreEqual(-1d, await _db.Database.QueryFirstAsync<double>("select score from hangfire.set where key = 'recurring-jobs' and value = 'tick'", null, Ct));

        // Somebody else's recurring job is none of our business.
        await _db.Database.ExecuteAsync("insert into hangfire.set (key, score, value) values ('recurring-jobs', 1795220049, 'theirs')", null, Ct);
        Assert.AreEqual(1795220049d, await _db.Database.QueryFirstAsync<double>("select score from hangfire.set where value = 'theirs'", null, Ct));
    }

    [TestMethod]
    public async Task Every_expression_parses_on_Hangfires_page()
    {
        var intervals = new[] { 1, 59, 60, 90, 300, 420, 3600, 7200, 21_600, 43_200, 86_400, 90_000, 172_800, 604_800 }.Select(s => TimeSpan.FromSeconds(s));
        foreach (var every in intervals.Concat(BuiltInSchedules.All.Where(b => b.Every is not null).Select(b => b.Every!.Value)))
        {
            var expression = new Schedule { Name = "n", Kind = "k", Every = every }.Expression;
            var shown = await _db.Database.QueryFirstAsync<string>("select harmony.cron_of(@expression)", new { expression }, Ct);
            Assert.HasCount(5, shown!.Split(' '), expression);
            Assert.IsTrue(CronExpression.TryParse(shown, out _), $"{expression}: {shown}");
        }
    }

    private Task<TestFleet> StartAsync(Misfire misfire, string expression = "*/1 * * * *")
    {
        Assert.IsTrue(Cron.TryParse(expression, out var cron, out _));
        return TestFleet.StartAsync(
            _db, Lanes, [typeof(TickJob)], o => o.Schedules = [new Schedule { Name = "tick", Kind = "tick", Cron = cron, Misfire = misfire }]);
    }

    private Task<int> ShiftAsync(string shift) =>
        _db.Database.ExecuteAsync("select harmony.shift_clock(@shift::interval)", new { shift }, Ct);

    private async Task<long> CountAsync(string sql) => await _db.Database.QueryFirstAsync<long>(sql, null, Ct);

    private sealed record TickArgs : IJobArgs
    {
        public static string Kind => "tick";
    }

    private sealed class TickJob : IJob<TickArgs>
    {
        public static JobSpec Spec { get; } = new("work");

        public Task<JobEnd> RunAsync(TickArgs args, JobRun run, CancellationToken cancellationToken) => Task.FromResult(JobEnd.Done());
    }
}
