namespace Harmony.Tests.Postgres;

/// <summary>One test per state that Harmony writes: which rows it leaves in Hangfire's tables, which keys, which spelling, which types.</summary>
[TestClass]
public sealed class RowShapesTests
{
    private AuditHistory _history = null!;

    [TestInitialize]
    public async Task CreateAsync() => _history = await AuditHistory.CreateAsync();

    [TestCleanup]
    public async Task DropAsync() => await _history.DisposeAsync();

    [TestMethod]
    public async Task The_job_row_equals_that_of_Hangfires_client()
    {
        var job = await _history.EnqueueAsync("sync", """{"id": 7, "name": "Björk \"B\""}""");
        Assert.AreEqual(
            """
            {"Type": "Harmony.Orchestrator.JobEntry, Harmony.Orchestrator", "Queue": "work_b", "Method": "Run", "ParameterTypes": "[\"System.String\",\"System.String\",\"System.Threading.CancellationToken, mscorlib\"]"}
            """.Trim(),
            await _history.ScalarAsync<string>("select invocationdata::text from hangfire.job where id = @job", new { job }));
        Assert.AreEqual(
            """
            ["\"sync\"", "\"{\\\"id\\\": 7, \\\"name\\\": \\\"Björk \\\\\\\"B\\\\\\\"\\\"}\"", null]
            """.Trim(),
            await _history.ScalarAsync<string>("select arguments::text from hangfire.job where id = @job", new { job }));
        Assert.AreEqual(0, await _history.ScalarAsync<int>("select updatecount from hangfire.job where id = @job", new { job }));
    }

    [TestMethod]
    public async Task Enqueued() => await AreAsync(
        await _history.EnqueueAsync("tidy"),
        """
        job Enqueued, never expires
        Enqueued | - | EnqueuedAt=ms+0, Queue=work_b
        ticket on work_b, waiting
        """);

    [TestMethod]
    public async Task Scheduled() => await AreAsync(
        await _history.EnqueueAsync("tidy", runIn: "1 hour"),
        """
        job Scheduled, never expires
        Scheduled | - | EnqueueAt=ms+3600, ScheduledAt=ms+0
        in schedule as work_b:id, score +3600
        """);

    [TestMethod]
    public async Task Scheduled_and_due()
    {
        var job = await _history.EnqueueAsync("tidy", runIn: "1 minute");
        await _history.PassAsync("2 minutes");
        await _history.UpkeepAsync();
        await AreAsync(
            job,
            """
            job Scheduled, never expires
            Scheduled | - | EnqueueAt=ms+60, ScheduledAt=ms+0
            ticket on work_b, waiting
            """);
    }

    [TestMethod]
    public async Task Processing()
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.StartAsync();
        await AreAsync(
            job,
            """
            job Processing, never expires
            Enqueued (history) | - | EnqueuedAt=ms+0, Queue=work_b
            Processing | - | ServerId=server-a, StartedAt=ms+0, WorkerId=guid
            ticket on work_b, fetched
            """);
    }

    [TestMethod]
    public async Task Succeeded() => await EndsAsync(
        new("succeeded"),
        """
        job Succeeded, expires after 86400 s
        Enqueued (history) | - | EnqueuedAt=ms+0, Queue=work_b
        Processing (history) | - | ServerId=server-a, StartedAt=ms+0, WorkerId=guid
        Succeeded | - | Latency=ms, PerformanceDuration=0, SucceededAt=ms+0
        stats:succeeded +1, kept
        stats:succeeded:day +1, for a month
        stats:succeeded:hour +1, for a day
        """);

    [TestMethod]
    public async Task Succeeded_with_a_result()
    {
        var job = await _history.EnqueueAsync("tidy");
        var run = (await _history.StartAsync()).Single();
        await _history.DoAsync(
            """
            select harmony.finish_many('server-a', jsonb_build_array(jsonb_build_object(
                't', @TicketId, 'j', @JobId, 'f', @Fence, 'o', 'succeeded', 'ms', 1234, 'res', '{"count":3}')))
            """,
            run);
        Assert.AreEqual(
            """1234 {"count":3}""",
            await _history.ScalarAsync<string>(
                "select concat_ws(' ', s.data ->> 'PerformanceDuration', s.data ->> 'Result') from hangfire.state s where s.jobid = @job and s.name = 'Succeeded'", new { job }));
    }

    [TestMethod]
    public async Task Failed_with_a_retry_ahead() => await EndsAsync(
        new("retry") { Error = "a message of more than fifty characters, which Hangfire cuts", ErrorType = "System.IO.IOException", DelaySeconds = 600 },
        """
        job Scheduled, never expires
        Enqueued (history) | - | EnqueuedAt=ms+0, Queue=work_b
        Processing (history) | - | ServerId=server-a, StartedAt=ms+0, WorkerId=guid
        Failed (history) | An exception occurred during performance of the job. | ExceptionDetails=, ExceptionMessage=a message of more than fifty characters, which Hangfire cuts, ExceptionType=System.IO.IOException, FailedAt=ms+0, ServerId=server-a
        Scheduled | Retry attempt 1 of 5: a message of more than fifty characters, which Ha… | EnqueueAt=ms+600, ScheduledAt=ms+0
        in retries as id, score 0
        in schedule as work_b:id, score +600
        parameter RetryCount = 1
        stats:failed_runs:day +1, for a month
        """);

    [TestMethod]
    public async Task Failed_permanently() => await EndsAsync(
        new("dead") { Error = "boom", ErrorType = "System.Exception", Code = "no_use" },
        """
        job Failed, never expires
        Enqueued (history) | - | EnqueuedAt=ms+0, Queue=work_b
        Processing (history) | - | ServerId=server-a, StartedAt=ms+0, WorkerId=guid
        Failed | An exception occurred during performance of the job. | ExceptionDetails=, ExceptionMessage=boom, ExceptionType=System.Exception, FailedAt=ms+0, ReasonCode=no_use, ServerId=server-a
        stats:failed_runs:day +1, for a month
        stats:failed:day +1, for a month
        stats:failed:hour +1, for a day
        """);

    [TestMethod]
    public async Task Failed_in_a_crash_loop()
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.DoAsync("select harmony.join_fleet('server-a', 60, '{}')");
        for (var i = 0; i < 4; i++)
        {
            await _history.StartAsync();
            await _history.PassAsync("2 minutes");
            await _history.UpkeepAsync();
        }

        await AreAsync(
            job,
            """
            job Failed, never expires
            Enqueued (history) | - | EnqueuedAt=ms+0, Queue=work_b
            Processing (history) | - | ServerId=server-a, StartedAt=ms+0, WorkerId=guid
            Processing (history) | - | ServerId=server-a, StartedAt=ms+0, WorkerId=guid
            Processing (history) | - | ServerId=server-a, StartedAt=ms+0, WorkerId=guid
            Failed | Crash loop: started again and again without an outcome | ExceptionDetails=The process died each time it ran this job: three times in a row, or ten times although the job had made progress., ExceptionMessage=The process died each time it ran this job: three times in a row, or ten times although the job had made progress., ExceptionType=Harmony.Orchestrator.CrashLoop, FailedAt=ms+0, ReasonCode=crash_loop
            stats:failed_runs:day +1, for a month
            stats:failed:day +1, for a month
            stats:failed:hour +1, for a day
            """);
    }

    [TestMethod]
    public async Task Discarded() => await EndsAsync(
        new("discarded") { Reason = "not needed", Code = "discarded" },
        """
        job Deleted, expires after 86400 s
        Enqueued (history) | - | EnqueuedAt=ms+0, Queue=work_b
        Processing (history) | - | ServerId=server-a, StartedAt=ms+0, WorkerId=guid
        Deleted | not needed | DeletedAt=ms+0, ReasonCode=discarded
        stats:deleted +1, kept
        stats:deleted:day +1, for a month
        stats:deleted:hour +1, for a day
        """);

    [TestMethod]
    public async Task Cancelled_while_it_waits()
    {
        var job = await _history.EnqueueAsync("tidy", runIn: "1 hour");
        await _history.AsAsync("ann", "select harmony.cancel(@job)", new { job });
        await AreAsync(
            job,
            """
            job Deleted, expires after 86400 s
            Scheduled (history) | - | EnqueueAt=ms+3600, ScheduledAt=ms+0
            Deleted | Cancelled by ann | DeletedAt=ms+0, ReasonCode=cancelled
            stats:deleted +1, kept
            stats:deleted:day +1, for a month
            stats:deleted:hour +1, for a day
            """);
    }

    [TestMethod]
    public async Task Purged()
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(new("dead") { Error = "boom", Code = "no_use" });
        await _history.DoAsync("delete from hangfire.counter");
        await _history.AsAsync("ann", "select harmony.purge(array[@job])", new { job });
        await EndAsync(
            job,
            """
            Deleted | Purged by ann | DeletedAt=ms+0, ReasonCode=purged
            stats:deleted +1, kept
            stats:deleted:day +1, for a month
            stats:deleted:hour +1, for a day
            """);
    }

    [TestMethod]
    public async Task Requeued()
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(new("retry") { Error = "boom" });
        await _history.PassAsync("2 seconds");
        await _history.UpkeepAsync();
        await _history.StartAndEndAsync(new("dead") { Error = "boom", Code = "no_use" });
        await _history.DoAsync("delete from hangfire.counter");
        await _history.AsAsync("ann", "select harmony.requeue(array[@job])", new { job });
        await EndAsync(
            job,
            """
            Enqueued | Requeued by ann | EnqueuedAt=ms+0, Queue=default
            ticket on work_b, waiting
            """);
    }

    [TestMethod]
    public async Task Superseded()
    {
        var job = await _history.EnqueueAsync("sync", """{"id": 1}""");
        await _history.StartAndEndAsync(new("dead") { Error = "boom", Code = "no_use" });
        await _history.DoAsync("delete from hangfire.counter");
        await _history.EnqueueAsync("sync", """{"id": 1}""");
        await _history.DoAsync("select harmony.requeue(array[@job])", new { job });
        await EndAsync(
            job,
            """
            Deleted | Superseded: a live job holds the same key | DeletedAt=ms+0, ReasonCode=superseded
            stats:deleted +1, kept
            stats:deleted:day +1, for a month
            stats:deleted:hour +1, for a day
            """);
    }

    [TestMethod]
    public async Task Returned() => await EndsAsync(
        new("returned") { Reason = "the worker stopped" },
        """
        job Enqueued, never expires
        Enqueued (history) | - | EnqueuedAt=ms+0, Queue=work_b
        Processing (history) | - | ServerId=server-a, StartedAt=ms+0, WorkerId=guid
        Enqueued | Returned: the worker stopped | EnqueuedAt=ms+0, Queue=work_b
        ticket on work_b, waiting
        """);

    [TestMethod]
    public async Task Snoozed() => await EndsAsync(
        new("snoozed") { Reason = "later", DelaySeconds = 600 },
        """
        job Scheduled, never expires
        Enqueued (history) | - | EnqueuedAt=ms+0, Queue=work_b
        Processing (history) | - | ServerId=server-a, StartedAt=ms+0, WorkerId=guid
        Scheduled | Snoozed: later | EnqueueAt=ms+600, ScheduledAt=ms+0
        in schedule as work_b:id, score +600
        """);

    [TestMethod]
    public async Task Parked() => await EndsAsync(
        new("parked") { Reason = "waits", WakeKey = "bell", DelaySeconds = 3600 },
        """
        job Scheduled, never expires
        Enqueued (history) | - | EnqueuedAt=ms+0, Queue=work_b
        Processing (history) | - | ServerId=server-a, StartedAt=ms+0, WorkerId=guid
        Scheduled | Parked: waits | EnqueueAt=ms+3600, ScheduledAt=ms+0
        in schedule as work_b:id, score +3600
        """);

    [TestMethod]
    public async Task Parked_and_woken()
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(new("parked") { Reason = "waits", WakeKey = "bell", DelaySeconds = 3600 });
        await _history.DoAsync("select harmony.wake('bell')");
        await EndAsync(
            job,
            """
            Scheduled | Parked: waits | EnqueueAt=ms+3600, ScheduledAt=ms+0
            ticket on work_b, waiting
            """);
    }

    [TestMethod]
    public async Task Parked_by_a_pause()
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.DoAsync("select harmony.pause('kind', 'tidy')");
        Assert.IsEmpty(await _history.StartAsync());
        await AreAsync(
            job,
            """
            job Enqueued, never expires
            Enqueued | - | EnqueuedAt=ms+0, Queue=work_b
            ticket on parked, waiting
            """);
    }

    private async Task EndsAsync(AuditEnding ending, string expected)
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(ending);
        await AreAsync(job, expected);
    }

    private async Task AreAsync(long job, string expected)
    {
        Assert.AreEqual(expected, await StorageRows.OfAsync(_history.Database.Database, job));
        await DashboardNumbers.AreRightAsync(_history.Database.Database);
    }

    private async Task EndAsync(long job, string expected)
    {
        var rows = await StorageRows.OfAsync(_history.Database.Database, job);
        Assert.AreEqual(expected, string.Join('\n', rows.Split('\n').TakeLast(expected.Split('\n').Length)));
    }
}
