using System.Globalization;

namespace Harmony.Tests.Postgres;

/// <summary>Audit queries about who did what, what stands still, and what belongs together.</summary>
[TestClass]
public sealed class AuditQueriesOfOperatorsTests
{
    private static readonly AuditEnding Success = new("succeeded");

    private AuditHistory _history = null!;

    [TestInitialize]
    public async Task CreateAsync() => _history = await AuditHistory.CreateAsync();

    [TestCleanup]
    public async Task DropAsync() => await _history.DisposeAsync();

    [TestMethod]
    public async Task Actions_are_listed_with_their_actor_newest_first()
    {
        var job = await _history.EnqueueAsync("tidy", """{"n":1}""", "ann");
        await DieAsync();
        await _history.AsAsync("bob", "select harmony.purge(dry_run => true)");
        await _history.AsAsync("ann", "select harmony.requeue(array[@job])", new { job });
        await _history.AsAsync("ann", "select harmony.pause('lane', 'web', 'cleaning')");

        CollectionAssert.AreEqual(
            new[] { "ann | pause | lane:web | 1 | False", "ann | requeue | - | 1 | False", "bob | purge | - | 1 | True" },
            await _history.AskAsync("who_did_what", "actor action target affected dry_run"));
        CollectionAssert.AreEqual(
            new[]
            {
                """pause | lane:web | 1 affected {"reason": "cleaning"}""",
                $$"""requeue | - | 1 affected {"job_ids": [{{job}}]}""",
                $"Failed -> Enqueued | job {job} | Requeued by ann",
                $$"""enqueued | job {{job}} | tidy {"n": 1}""",
            },
            await _history.AskAsync("what_an_actor_did", "what target detail", ("actor", "ann"), ("since", "1 day")));
        CollectionAssert.AreEqual(
            new[] { "purge (dry run)" }, await _history.AskAsync("what_an_actor_did", "what", ("actor", "bob"), ("since", "1 day")));
    }

    [TestMethod]
    public async Task Stuck_jobs_run_or_wait_too_long()
    {
        await _history.DoAsync("select harmony.join_fleet('server-a', 60, '{}')");
        await _history.EnqueueAsync("tidy");
        await _history.StartAsync();
        await _history.EnqueueAsync("sync", """{"id":1}""");
        await _history.EnqueueAsync("fetch", runIn: "10 minutes");
        await _history.EnqueueAsync("fetch", runIn: "50 minutes");
        await _history.PassAsync("1 hour");
        await _history.EnqueueAsync("tidy");

        var rows = await _history.AskAsync("jobs_stuck", ("longer", "30 minutes"));
        CollectionAssert.AreEqual(
            new[] { "tidy | Processing | work_b | server-a", "sync | Enqueued | work_b | -", "fetch | Scheduled | none | -" },
            rows.Select(r => $"{r["kind"]} | {r["state"]} | {r["ticket_in"]} | {r["worker"]}").ToArray());
        Assert.AreNotEqual("-", rows[0]["lease_renewed_at"]);
        Assert.AreNotEqual("-", rows[0]["worker_seen_at"]);
        Assert.HasCount(4, await _history.AskAsync("jobs_stuck", ("longer", "5 minutes")));
    }

    [TestMethod]
    public async Task The_family_of_a_job_is_a_tree()
    {
        var root = await _history.EnqueueAsync("tidy");
        var first = await _history.EnqueueAsync("fetch", parent: root);
        await _history.EnqueueAsync("sync", """{"id":1}""", parent: root);
        var grandchild = await _history.EnqueueAsync("tidy", parent: first);
        await _history.EnqueueAsync("tidy");
        var run = (await _history.StartAsync()).Single(r => r.JobId == grandchild);
        await _history.EndAsync(run, new("dead") { Code = "no_use", Error = "bad args" });

        CollectionAssert.AreEqual(
            new[] { "tidy | Processing | -", "  fetch | Processing | -", "    tidy | Failed | no_use", "  sync | Processing | -" },
            await _history.AskAsync("children_of_a_job", "tree state reason_code", ("job", root.ToString(CultureInfo.InvariantCulture))));
    }

    [TestMethod]
    public async Task Pauses_and_gates_show_how_many_jobs_wait()
    {
        await _history.EnqueueAsync("tidy");
        await _history.EnqueueAsync("tidy");
        await _history.EnqueueAsync("sync", """{"id":1}""", runIn: "1 hour");
        await _history.EnqueueAsync("fetch");
        await _history.AsAsync("ann", "select harmony.pause('lane', 'work', 'cleaning')");
        await _history.AsAsync("ann", "select harmony.pause('kind', 'tidy', null, harmony.now() + interval '1 hour')");
        await _history.AsAsync("ann", "select harmony.pause('provider', 'slskd')");
        await _history.AsAsync("ann", "select harmony.pause('kind', 'fetch', 'over', harmony.now() - interval '1 second')");
        await _history.DoAsync("select harmony.gate_block('spotify', '10 minutes', '429')");

        CollectionAssert.AreEqual(
            new[]
            {
                "gate | spotify | 429 | - | 1 | 1",
                "kind | tidy | - | ann | 2 | 0",
                "lane | work | cleaning | ann | 2 | 1",
                "provider | slskd | - | ann | 1 | 0",
            },
            await _history.AskAsync("paused_or_gated_now", "scope name reason paused_by jobs_due jobs_later"));
    }

    [TestMethod]
    public async Task A_rate_window_shows_used_free_and_waiting()
    {
        await _history.EnqueueAsync("fetch");
        await _history.StartAsync();
        CollectionAssert.AreEqual(new[] { "1 | 1 | 0 | -" }, await _history.AskAsync("rate_windows_now", "used free waiting next_free_at"));
        for (var i = 0; i < 4; i++)
            await _history.EnqueueAsync("fetch");
        Assert.HasCount(1, await _history.StartAsync());

        var row = (await _history.AskAsync("rate_windows_now")).Single();
        Assert.AreEqual(
            "web 2 of 2, 0 free, 3 wait, 00:03:20",
            $"{row["lane"]} {row["used"]} of {row["permits"]}, {row["free"]} free, {row["waiting"]} wait, {row["last_starts_within"]}");
        Assert.AreNotEqual("-", row["next_free_at"]);

        await _history.PassAsync("101 seconds");
        CollectionAssert.AreEqual(new[] { "0 | 2 | 3 | -" }, await _history.AskAsync("rate_windows_now", "used free waiting next_free_at"));
    }

    [TestMethod]
    public async Task Slots_show_whether_they_were_late_or_missed()
    {
        await _history.DoAsync(
            """
            insert into harmony.schedule (schedule, kind, expression, next_at)
            values
                ('tick', 'tidy', 'every 60 s', harmony.now() + interval '2 days'),
                ('nightly', 'tidy', '0 3 * * *', harmony.now() + interval '15 hours'),
                ('new', 'tidy', '0 3 * * *', null)
            """);
        await _history.FireAsync("tick", 0);
        await _history.PassAsync("5 minutes");
        await _history.DoAsync(
            "select harmony.miss('tick', array(select to_timestamp(harmony.millis(harmony.now())::bigint / 60000 * 60) - n * interval '1 minute' from generate_series(2, 4) n))");
        await _history.FireAsync("tick", 1);
        await _history.FireAsync("tick", 0);
        await _history.AsAsync("ann", "select harmony.pause('schedule', 'tick')");
        await _history.PassAsync("1 minute");
        await _history.FireAsync("tick", 0);
        await _history.DoAsync("select harmony.trigger_schedule('tick')");

        CollectionAssert.AreEqual(
            new[] { "tick | fired late | 1", "tick | missed | 3", "tick | paused | 1" },
            await _history.AskAsync("schedule_slots_missed", "schedule what slots", ("since", "7 days")));
        CollectionAssert.AreEqual(
            new[] { "schedule | tick | 0" }, await _history.AskAsync("paused_or_gated_now", "scope name jobs_due"));
        await _history.PassAsync("1 day");
        CollectionAssert.AreEqual(
            new[] { "nightly | 0 3 * * * | overdue | -" },
            await _history.AskAsync("schedule_slots_missed", "schedule expression what slots", ("since", "1 hour")));
    }

    [TestMethod]
    public async Task Deduplicated_jobs_are_counted()
    {
        const string args = """{"id":1}""";
        var first = await _history.EnqueueAsync("sync", args);
        await DieAsync();
        var second = await _history.EnqueueAsync("sync", args);
        Assert.AreEqual(second, await _history.EnqueueAsync("sync", """{"id":1,"force":true}"""));
        await _history.DoAsync("select harmony.requeue(array[@first])", new { first });
        await _history.DoAsync(
            "insert into harmony.schedule (schedule, kind, args, expression) values ('tick', 'sync', cast(@args as jsonb), 'every 60 s')", new { args });
        await _history.FireAsync("tick", 0);
        await _history.StartAndEndAsync(Success);
        await _history.PassAsync("60 seconds");
        await _history.FireAsync("tick", 0);

        CollectionAssert.AreEqual(
            new[] { "sync | 1 | 1 | 1" },
            await _history.AskAsync("duplicates_per_day", "kind forced superseded slots_that_met_a_twin", ("since", "1 day")));
    }

    private Task DieAsync() => _history.StartAndEndAsync(new("dead") { Code = "no_use", Error = "bad args" });
}
