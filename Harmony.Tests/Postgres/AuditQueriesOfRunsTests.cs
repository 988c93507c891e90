using System.Globalization;

namespace Harmony.Tests.Postgres;

/// <summary>Audit queries about what became of runs: failures, dead letters, retries, times, crashes.</summary>
[TestClass]
public sealed class AuditQueriesOfRunsTests
{
    private static readonly AuditEnding Success = new("succeeded");

    private AuditHistory _history = null!;

    [TestInitialize]
    public async Task CreateAsync() => _history = await AuditHistory.CreateAsync();

    [TestCleanup]
    public async Task DropAsync() => await _history.DisposeAsync();

    [TestMethod]
    public async Task The_events_of_a_job_are_listed_in_order()
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(Retry("disk full"));
        await _history.EnqueueAsync("fetch");

        CollectionAssert.AreEqual(
            new[] { "- | Enqueued | - | -", "Enqueued | Processing | server-a | -", "Processing | Failed | server-a | disk full", "Failed | Scheduled | - | -" },
            await _history.AskAsync("what_happened_to_a_job", "from_state to_state worker error", ("job", Text(job))));
    }

    [TestMethod]
    public async Task Failures_are_counted_per_day_and_reason()
    {
        var sync = await _history.EnqueueAsync("sync", """{"id":1}""");
        await _history.StartAndEndAsync(Retry("429 too many") with { ErrorType = "HttpError" });
        await _history.PassAsync("1 minute");
        await _history.UpkeepAsync();
        await _history.StartAndEndAsync(Dead("retries_exhausted", "gone"));
        await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(Dead("no_use", "bad args"));
        await _history.PassAsync("1 day");
        await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(Dead("no_use", "worse args"));
        await _history.DoAsync("select harmony.requeue(array[@sync])", new { sync });

        CollectionAssert.AreEqual(
            new[] { "no_use | 1 | 1 | worse args", "no_use | 1 | 1 | bad args", "retries_exhausted | 1 | 0 | gone" },
            await _history.AskAsync("dead_letters_per_day", "reason_code dead_letters still_dead newest_error", ("since", "7 days")));
        CollectionAssert.AreEqual(
            new[] { "no_use | 1" },
            await _history.AskAsync("dead_letters_per_day", "reason_code dead_letters", ("since", "1 hour")));
        CollectionAssert.AreEqual(
            new[]
            {
                "tidy | no_use | 1 | 1 | worse args",
                "sync | HttpError | 1 | 1 | 429 too many",
                "sync | retries_exhausted | 1 | 1 | gone",
                "tidy | no_use | 1 | 1 | bad args",
            },
            await _history.AskAsync("failures_per_day", "kind reason failed_runs jobs newest_error", ("since", "7 days")));
        CollectionAssert.AreEqual(
            new[] { "tidy | no_use | 2 | worse args" },
            await _history.AskAsync("dead_letters_by_reason", "kind reason_code jobs newest_error"));
    }

    [TestMethod]
    public async Task Retries_are_counted_per_provider_of_a_kind()
    {
        await _history.EnqueueAsync("fetch");
        await _history.StartAndEndAsync(Retry("peer hung up"));
        await _history.PassAsync("1 minute");
        await _history.UpkeepAsync();
        await _history.StartAndEndAsync(Success);
        await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(Success);
        await _history.DoAsync("select harmony.gate_block('slskd', '1 second', 'down')");
        await _history.PassAsync("2 seconds");
        await _history.DoAsync("select harmony.gate_block('spotify', '10 minutes', '429')");

        CollectionAssert.AreEqual(
            new[]
            {
                "slskd | fetch | 2 | 1 | 1 | peer hung up | closed",
                "spotify | fetch | 2 | 1 | 1 | peer hung up | open",
                "none | tidy | 1 | 0 | 0 | - | closed",
            },
            await _history.AskAsync(
                "retries_per_provider", "provider kind runs retries jobs_retried most_common_error gate", ("since", "1 day")));
    }

    [TestMethod]
    public async Task Throughput_lists_every_outcome_of_an_hour()
    {
        AuditEnding[] endings =
        [
            Success, Success, Retry("x"), Dead("no_use", "x"),
            new("snoozed") { Reason = "later", DelaySeconds = 9000 },
            new("parked") { Reason = "waits", WakeKey = "bell", DelaySeconds = 9000 },
            new("discarded") { Reason = "not needed", Code = "discarded" },
            new("returned"),
        ];
        foreach (var ending in endings)
        {
            await _history.EnqueueAsync("tidy");
            await _history.StartAndEndAsync(ending);
        }

        await _history.PassAsync("1 hour");
        await _history.StartAndEndAsync(Success);
        CollectionAssert.AreEqual(
            new[] { "tidy | 0 | 1 | 1 | 0 | 0 | 0 | 0 | 0", "tidy | 8 | 8 | 2 | 2 | 1 | 2 | 1 | 1" },
            await _history.AskAsync(
                "throughput_per_hour", "kind came_in started succeeded failed retried put_off returned deleted", ("since", "1 day")));
    }

    [TestMethod]
    public async Task Run_times_exclude_crashes_and_show_the_timeout()
    {
        await _history.EnqueueAsync("tidy");
        await RunForAsync("20 seconds", Success);
        await _history.EnqueueAsync("tidy");
        await RunForAsync("59 seconds", Retry("too slow") with { Code = "timeout" });
        await _history.EnqueueAsync("fetch");
        await _history.StartAsync();
        await _history.PassAsync("40 minutes");
        await _history.UpkeepAsync();
        await _history.StartAsync("server-b");

        var row = (await _history.AskAsync("run_times_by_kind", ("since", "1 day"))).Single();
        Assert.AreEqual("tidy 2 60000 1", $"{row["kind"]} {row["runs"]} {row["timeout_ms"]} {row["timeouts"]}");
        IsAbout(39_500, row["p50_ms"]);
        IsAbout(59_000, row["longest_ms"]);
        var slowest = (await _history.AskAsync("slowest_kinds")).Single();
        Assert.AreEqual("tidy 2", $"{slowest["kind"]} {slowest["runs"]}");
        IsAbout(39_500, slowest["p50_ms"]);
    }

    [TestMethod]
    public async Task Waits_count_from_due_time_to_start()
    {
        await _history.EnqueueAsync("tidy");
        await _history.EnqueueAsync("tidy", runIn: "20 seconds");
        var early = await _history.EnqueueAsync("tidy", runIn: "1 hour");
        await _history.DoAsync("select harmony.run_now(@early)", new { early });
        await _history.PassAsync("30 seconds");
        await _history.UpkeepAsync();
        Assert.HasCount(3, await _history.StartAsync());

        var row = (await _history.AskAsync("waits_per_hour", ("since", "1 day"))).Single();
        Assert.AreEqual("work 3 1", $"{row["lane"]} {row["starts"]} {row["not_measured"]}");
        IsAbout(20_000, row["p50_ms"]);
        IsAbout(30_000, row["longest_ms"]);
    }

    [TestMethod]
    public async Task A_crash_shows_its_server_and_the_outcome()
    {
        await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(Success);
        var job = await _history.EnqueueAsync("tidy");
        foreach (var server in new[] { "server-a", "server-b", "server-c", "server-d" })
        {
            await _history.DoAsync("select harmony.join_fleet(@server, 60, '{}')", new { server });
            await _history.PassAsync("2 minutes");
            await _history.UpkeepAsync();
            await _history.StartAsync(server);
        }

        CollectionAssert.AreEqual(
            new[]
            {
                $"{job} | tidy | server-c | Crash loop: started again and again without an outcome | Failed",
                $"{job} | tidy | server-b | started again on server-c | Failed",
                $"{job} | tidy | server-a | started again on server-b | Failed",
            },
            await _history.AskAsync("jobs_that_crashed", "job_id kind crashed_on what_then state_now", ("since", "1 day")));
    }

    private async Task RunForAsync(string time, AuditEnding ending)
    {
        var run = (await _history.StartAsync()).Single();
        await _history.PassAsync(time);
        await _history.EndAsync(run, ending);
    }

    // The clock of the database is shifted, but it also goes on by itself.
    private static void IsAbout(double expected, string milliseconds) =>
        Assert.AreEqual(expected + 5_000, double.Parse(milliseconds, CultureInfo.InvariantCulture), 5_000);

    private static AuditEnding Retry(string error) => new("retry") { Error = error, DelaySeconds = 30 };

    private static AuditEnding Dead(string code, string error) => new("dead") { Code = code, Error = error, Reason = error };

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
