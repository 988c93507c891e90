using System.Collections.Concurrent;
using System.Diagnostics;
using Harmony.Orchestrator;
using Harmony.Tests.Postgres;
using Harmony.Tests.Providers;

namespace Harmony.Tests.Http;

/// <summary>One trace from a request over its job to the jobs of that job, across the database.</summary>
[TestClass]
public sealed class TraceTests
{
    [TestMethod]
    public async Task A_run_continues_the_trace_of_its_request()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == JobTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await ApiHost.StartAsync(
            database, ("HARMONY_ROLES", "api,worker"), ("ORCH_VISIBILITY_TIMEOUT_S", "5"), ("SHUTDOWN_GRACE_S", "1"),
            ("WATCHLIST_TIMER_ENABLED", "false"), ("RETRY_NOOP_MAX_ATTEMPTS", "0"));
        var (fine, broken) = (ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom());

        var id = await EnqueueAsync(host, "{}", fine);
        await EnqueueAsync(host, "{\"fail\":\"the secret is hunter2\"}", broken);
        var run = await Until.SeenAsync(() => Task.FromResult(ended.FirstOrDefault(a => a.TraceId == fine)), a => a is not null);
        var failed = await Until.SeenAsync(() => Task.FromResult(ended.FirstOrDefault(a => a.TraceId == broken)), a => a is not null);

        Assert.AreEqual(ActivityKind.Consumer, run!.Kind);
        Assert.AreEqual("job noop", run.DisplayName);
        Assert.AreEqual(id, run.GetTagItem("job_id"));
        Assert.AreEqual("noop operator 1 succeeded", string.Join(' ', Tags(run, "kind", "lane", "attempt", "outcome")));
        Assert.AreEqual(ActivityStatusCode.Unset, run.Status);
        // The parent is the span of the request, which is what the job's row names.
        var stored = (await host.GetAsync($"/api/v1/jobs/{id}")).Json.GetProperty("trace_id").GetString();
        Assert.StartsWith($"00-{fine.ToHexString()}-{run.ParentSpanId.ToHexString()}-", stored!, StringComparison.Ordinal);

        Assert.AreEqual(ActivityStatusCode.Error, failed!.Status);
        Assert.AreEqual("retries_exhausted dead", string.Join(' ', Tags(failed, "outcome").Prepend(failed.StatusDescription)));
        Assert.DoesNotContain("hunter2", string.Join(' ', failed.TagObjects.Select(t => t.Value).Append(failed.StatusDescription)), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Child_jobs_share_the_trace_of_their_parent()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var fleet = await TestFleet.StartAsync(database, [new Lane("work", 2)], [typeof(ChainJob)]);
        await Until.SeenAsync(() => ScalarAsync<long>(database, "select count(*) from harmony.kind"), n => n == 1);
        await database.Database.ExecuteAsync(
            """
            select harmony.pause('lane', 'work');
            select harmony.enqueue('chain', '{"left":2}');
            update harmony.job set trace_id = 'request 42';
            select harmony.resume('lane', 'work')
            """,
            null,
            CancellationToken.None);

        await Until.SeenAsync(() => ScalarAsync<long>(database, "select count(*) from harmony.job where state = 'Succeeded'"), n => n == 3);
        Assert.AreEqual(1L, await ScalarAsync<long>(database, "select count(distinct split_part(trace_id, '-', 2)) from harmony.job where trace_id like '00-%'"));
        Assert.AreEqual(2L, await ScalarAsync<long>(database, "select count(*) from harmony.job where trace_id ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$'"));
    }

    [TestMethod]
    public async Task Traces_are_exported_before_the_process_stops()
    {
        var sent = new ConcurrentQueue<(string Path, string? Type, byte[] Body)>();
        await using var collector = await CollectorAsync(sent);
        var trace = ActivityTraceId.CreateRandom();
        await using (var host = await ApiHost.StartAsync(null, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url.ToString()), ("OTEL_SERVICE_NAME", "harmony-under-test")))
            await host.GetAsync("/api/v1/health", null, ("traceparent", $"00-{trace.ToHexString()}-00000000000000aa-01"), ("X-Request-ID", "request-7"));

        Assert.IsFalse(sent.IsEmpty, "nothing was exported");
        foreach (var (path, type, _) in sent)
            Assert.AreEqual("/v1/traces application/x-protobuf", $"{path} {type}");
        var all = sent.SelectMany(s => s.Body).ToArray();
        Assert.IsGreaterThanOrEqualTo(0, all.AsSpan().IndexOf(Convert.FromHexString(trace.ToHexString())));
        foreach (var text in new[] { "harmony-under-test", "GET /api/v1/health", "request-7", "http.route" })
            Assert.IsTrue(Holds(all, text), text);
    }

    [TestMethod]
    public async Task Traces_contain_statements_of_requests_but_no_polling()
    {
        var sent = new ConcurrentQueue<(string Path, string? Type, byte[] Body)>();
        await using var collector = await CollectorAsync(sent);
        await using var database = await TestDatabase.CreateAsync();
        await using (var host = await ApiHost.StartAsync(
            database, ("HARMONY_ROLES", "api,worker"), ("WATCHLIST_TIMER_ENABLED", "false"), ("SHUTDOWN_GRACE_S", "1"), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url.ToString())))
        {
            var id = await EnqueueAsync(host, "{}", ActivityTraceId.CreateRandom());
            await Until.SeenAsync(async () => (await host.GetAsync($"/api/v1/jobs/{id}")).Json.GetProperty("status").GetString(), status => status == "Succeeded");
        }

        var all = sent.SelectMany(s => s.Body).ToArray();
        foreach (var text in new[] { "job noop", "db.system.name", "harmony.enqueue_many" })
            Assert.IsTrue(Holds(all, text), text);
        Assert.IsFalse(Holds(all, "harmony.fetch"), "the engine asks for work outside of any request");
    }

    private static Task<LoopbackProvider> CollectorAsync(ConcurrentQueue<(string Path, string? Type, byte[] Body)> sent) => LoopbackProvider.StartAsync(async context =>
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        sent.Enqueue((context.Request.Path, context.Request.ContentType, body.ToArray()));
    });

    private static bool Holds(byte[] all, string text) => all.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;

    private static async Task<long> EnqueueAsync(ApiHost host, string args, ActivityTraceId trace) =>
        (await host.PostAsync("/api/v1/jobs", $"{{\"kind\":\"noop\",\"args\":{args}}}", null, ("traceparent", $"00-{trace.ToHexString()}-00000000000000aa-01")))
            .Json.GetProperty("job_id").GetInt64();

    private static IEnumerable<string?> Tags(Activity activity, params string[] names) =>
        names.Select(n => Convert.ToString(activity.GetTagItem(n), System.Globalization.CultureInfo.InvariantCulture));

    private static Task<T?> ScalarAsync<T>(TestDatabase database, string sql) => database.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None);
}

internal sealed record ChainArgs(int Left) : IJobArgs
{
    public static string Kind => "chain";
}

internal sealed class ChainJob(JobQueue queue) : IJob<ChainArgs>
{
    public static JobSpec Spec { get; } = new("work");

    public async Task<JobEnd> RunAsync(ChainArgs args, JobRun run, CancellationToken cancellationToken)
    {
        if (args.Left > 0)
            await run.InTransactionAsync(work => queue.EnqueueAsync(work, new ChainArgs(args.Left - 1), null, cancellationToken), cancellationToken);
        return JobEnd.Done();
    }
}
