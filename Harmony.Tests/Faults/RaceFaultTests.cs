using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Harmony.Tests.Faults;

/// <summary>F9 to F11: clocks that disagree, schedulers that die while firing, many callers who want the same.</summary>
[TestClass]
public sealed class RaceFaultTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public Task F9_Skewed_clocks_change_no_lease_and_no_slot() => SkewedAsync(TestContext);

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public Task F10_Killed_schedulers_leave_one_job_per_slot() => SchedulersAsync(TestContext);

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public Task F11_Fifty_calls_to_two_nodes_start_one_job() => TriggersAsync(TestContext);

    internal static Task SkewedAsync(TestContext context) => FaultPlace.RunAsync(context, async place =>
    {
        await Task.WhenAll(
            place.StartWorkerAsync(o => o with { SkewMinutes = 10, Cron = "* * * * *" }),
            place.StartWorkerAsync(o => o with { SkewMinutes = -10, Cron = "* * * * *" }));

        // Longer than a lease: whoever measured it by a clock of its own would take it away or let it lapse.
        await place.EnqueueAsync(30, new EffectArgs(BeforeMs: 7000));
        await place.ExecuteAsync("select harmony.enqueue('effect', run_at => harmony.now() + interval '3 seconds')");
        await place.EffectsAreOnceAsync(31, TimeSpan.FromSeconds(40));
        Assert.AreEqual(31L, await place.ScalarAsync<long>("select count(*) from harmony.job_event join harmony.job using (job_id) where kind = 'effect' and to_state = 'Processing'"), "a job was started twice");
        Assert.AreEqual(2L, await place.ScalarAsync<long>("select count(distinct worker) from harmony.job where kind = 'effect'"));
        var waited = await place.ScalarAsync<double>(
            "select extract(epoch from l.started_at - l.due_at)::float8 from harmony.job l where l.kind = 'effect' and l.due_at > l.created_at + interval '1 second'");
        Assert.IsGreaterThanOrEqualTo(-0.001, waited, "a job was started before its time");
        Assert.IsLessThan(5.0, waited, "a job was started long after its time");

        for (var minutes = 1; minutes <= 5; minutes++)
        {
            await ShiftAsync(place, minutes);
            await place.UntilAsync<long>("select count(*) from harmony.schedule_slot", n => n >= minutes, TimeSpan.FromSeconds(20));
        }

        await EverySlotOnceAsync(place, 5);
    });

    internal static Task SchedulersAsync(TestContext context) => FaultPlace.RunAsync(context, async place =>
    {
        const int slots = 100;
        const int kills = 4;

        // Holds the transaction of every slot open for a moment, so that the one who fires can be seen and killed.
        await place.ExecuteAsync(
            """
            create function public.linger() returns trigger language plpgsql as $$ begin perform pg_sleep(0.03); return new; end $$;
            create trigger linger after insert on harmony.schedule_slot for each row execute function public.linger();
            """);
        var workers = (await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(place)))).ToList();
        for (var kill = 1; kill <= kills; kill++)
        {
            await ShiftAsync(place, slots / kills * kill);
            var firing = await place.UntilAsync<string>(
                """
                select a.application_name
                from pg_stat_activity a
                where a.datname = current_database() and a.query like '%harmony.fire(%' and a.wait_event = 'PgSleep' and a.application_name like 'worker-%'
                limit 1
                """,
                name => name is not null,
                TimeSpan.FromSeconds(20));
            var leader = workers.Single(w => w.Name == firing);
            await leader.KillAsync();
            workers.Remove(leader);
            var (seen, fired) = (slots / kills * kill, await place.ScalarAsync<long>("select count(*) from harmony.schedule_slot"));
            place.Say($"kill {kill}: {fired} of {seen} slots were fired");
            workers.Add(await StartAsync(place));
        }

        await place.UntilAsync<long>("select count(*) from harmony.schedule_slot", n => n >= slots, TimeSpan.FromSeconds(40));
        await EverySlotOnceAsync(place, slots);
    });

    internal static Task TriggersAsync(TestContext context) => FaultPlace.RunAsync(context, async place =>
    {
        var nodes = await Task.WhenAll(place.StartApiAsync(), place.StartApiAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var answer = await nodes[i % 2].PostAsync("/api/v1/artists/spotify:4Z8W4fKeB5YxbusRsdQVPb/enqueue-sync", new { });
            Assert.AreEqual(HttpStatusCode.Accepted, answer.StatusCode, await answer.Content.ReadAsStringAsync(place.Ct));
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(place.Ct);
            return (Id: body.GetProperty("job_id").GetInt64(), Already: body.GetProperty("already_enqueued").GetBoolean());
        }));

        Assert.AreEqual(1, answers.Select(a => a.Id).Distinct().Count(), "ids");
        Assert.AreEqual(1, answers.Count(a => !a.Already), "new jobs");
        Assert.AreEqual(1L, await place.ScalarAsync<long>("select count(*) from harmony.job"));
        place.Say($"50 calls, job {answers[0].Id}, {answers.Count(a => a.Already)} of them were told it was there already");
    });

    private static Task<WorkerProcess> StartAsync(FaultPlace place) => place.StartWorkerAsync(o => o with { Cron = "* * * * *" });

    private static Task ShiftAsync(FaultPlace place, int minutes) =>
        place.ExecuteAsync("select harmony.shift_clock(make_interval(mins => @minutes))", new { minutes });

    private static async Task EverySlotOnceAsync(FaultPlace place, int atLeast)
    {
        await place.UntilAsync<long>("select count(*) from harmony.job where kind = 'tick' and state <> 'Succeeded'", n => n == 0, TimeSpan.FromSeconds(40));

        // One look: the schedulers go on, and a minute may begin at any moment.
        var seen = await place.ScalarAsync<string>(
            """
            select concat_ws(' ',
                count(*),
                count(distinct s.job_id) filter (where s.outcome = 'fired'),
                (select count(*) from harmony.job where kind = 'tick'),
                (extract(epoch from max(s.slot) - min(s.slot)) / 60)::bigint + 1)
            from harmony.schedule_slot s
            """);
        var slots = long.Parse(seen!.Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.IsGreaterThanOrEqualTo(atLeast, slots);
        Assert.AreEqual($"{slots} {slots} {slots} {slots}", seen, "slots, slots with a job of their own, jobs, minutes from the first slot to the last");
    }
}
