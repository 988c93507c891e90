using System.Collections.Concurrent;
using Harmony.Data;
using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class EngineTests
{
    private static readonly Lane[] Lanes = [new("work", 4), new("narrow", 1)];
    private static readonly Type[] Jobs = [typeof(EchoJob), typeof(FailJob), typeof(ParkJob), typeof(SlowJob), typeof(OnlyOneJob)];

    private TestDatabase _db = null!;

    [TestInitialize]
    public async Task CreateAsync() => _db = await TestDatabase.CreateAsync();

    [TestCleanup]
    public async Task DropAsync() => await _db.DisposeAsync();

    [TestMethod]
    public async Task An_enqueued_job_runs_once_and_leaves_its_whole_history()
    {
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new EchoArgs("ö"));
        await StateIsAsync(job.JobId, "Succeeded");
        Assert.AreEqual(
            "Enqueued>Processing>Succeeded",
            await ScalarAsync<string>("select string_agg(to_state, '>' order by event_id) from harmony.job_event where job_id = @id", new { id = job.JobId }));
        Assert.AreEqual("ö", await ScalarAsync<string>("select result ->> 'said' from harmony.job where job_id = @id", new { id = job.JobId }));
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from hangfire.jobqueue", null));
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from hangfire.lock", null));
    }

    [TestMethod]
    public async Task A_rolled_back_enqueue_never_existed()
    {
        await using var fleet = await StartAsync();
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => _db.Database.InTransactionAsync(
            async work =>
            {
                await fleet.Services.GetRequiredService<JobQueue>().EnqueueAsync(work, new EchoArgs("gone"), null, CancellationToken.None);
                throw new InvalidOperationException("rolled back");
            },
            CancellationToken.None));
        var next = await EnqueueAsync(fleet, new EchoArgs("here"));
        await StateIsAsync(next.JobId, "Succeeded");
        Assert.AreEqual(1L, await ScalarAsync<long>("select count(*) from harmony.job", null));
    }

    [TestMethod]
    public async Task Ten_thousand_jobs_are_enqueued_in_one_statement()
    {
        await SyncKindsAsync();
        var made = await ScalarAsync<long>(
            "select count(*) from harmony.enqueue_many('echo', (select array_agg(jsonb_build_object('say', i)) from generate_series(1, 10000) i))", null);
        Assert.AreEqual(10_000L, made);
        Assert.AreEqual(10_000L, await ScalarAsync<long>("select count(*) from hangfire.jobqueue", null));
        Assert.AreEqual(10_000L, await ScalarAsync<long>("select count(*) from harmony.job_event", null));
    }

    [TestMethod]
    public async Task Fifty_racing_enqueues_of_one_key_give_one_job()
    {
        await SyncKindsAsync();
        var queue = new JobQueue(_db.Database);
        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => queue.EnqueueAsync(new OnlyOneArgs("k"), null, CancellationToken.None)));
        Assert.AreEqual(1, all.Select(e => e.JobId).Distinct().Count());
        Assert.AreEqual(49, all.Count(e => e.AlreadyEnqueued));
    }

    [TestMethod]
    public async Task A_finished_job_frees_its_key_and_a_forced_twin_marks_the_waiting_one()
    {
        await SyncKindsAsync();
        var queue = new JobQueue(_db.Database);
        var first = await queue.EnqueueAsync(new OnlyOneArgs("k"), null, CancellationToken.None);
        var twin = await queue.EnqueueAsync(new OnlyOneArgs("k", true), null, CancellationToken.None);
        Assert.AreEqual(first.JobId, twin.JobId);
        Assert.IsTrue(await ScalarAsync<bool>("select forced from harmony.job where job_id = @id", new { id = first.JobId }));
        await using var fleet = await StartAsync();
        await StateIsAsync(first.JobId, "Succeeded");
        var again = await queue.EnqueueAsync(new OnlyOneArgs("k"), null, CancellationToken.None);
        Assert.IsFalse(again.AlreadyEnqueued);
    }

    [TestMethod]
    public async Task A_job_that_always_fails_retries_then_dead_letters_and_a_requeue_gives_the_full_budget_again()
    {
        await using var fleet = await StartAsync(o => o.RetryByKind = new Dictionary<string, RetryOverride>
        {
            ["fail"] = new(2, TimeSpan.FromMilliseconds(10), 0.2, null),
        });
        var job = await EnqueueAsync(fleet, new FailArgs("boom"));
        await StateIsAsync(job.JobId, "Failed");
        const string path = "Enqueued>Processing>Failed>Scheduled>Processing>Failed>Scheduled>Processing>Failed";
        Assert.AreEqual(path, await PathAsync(job.JobId));
        Assert.AreEqual(3, await ScalarAsync<int>("select attempts from harmony.job where job_id = @id", new { id = job.JobId }));
        Assert.AreEqual("retries_exhausted", await ScalarAsync<string>("select reason_code from harmony.job where job_id = @id", new { id = job.JobId }));
        Assert.AreEqual("boom", await ScalarAsync<string>("select last_error from harmony.job where job_id = @id", new { id = job.JobId }));

        var desk = fleet.Services.GetRequiredService<OperatorDesk>();
        var outcome = await desk.RequeueAsync("ann", [job.JobId], CancellationToken.None);
        Assert.AreEqual("requeued", outcome.Single().Outcome);
        await Until.SeenAsync(() => PathAsync(job.JobId), p => p == path + ">" + path);
        Assert.AreEqual("ann", await ScalarAsync<string>("select actor from harmony.operator_action where action = 'requeue'", null));
        Assert.AreEqual(
            "ann",
            await ScalarAsync<string>("select actor from harmony.job_event where job_id = @id and reason = 'Requeued by ann'", new { id = job.JobId }));
    }

    [TestMethod]
    public async Task A_permanent_error_is_a_dead_letter_at_once()
    {
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new FailArgs("no use", "no_use"));
        await StateIsAsync(job.JobId, "Failed");
        Assert.AreEqual("Enqueued>Processing>Failed", await PathAsync(job.JobId));
        Assert.AreEqual("no_use", await ScalarAsync<string>("select reason_code from harmony.job where job_id = @id", new { id = job.JobId }));
    }

    [TestMethod]
    public async Task A_parked_job_is_woken_also_when_the_wake_comes_before_it_parks()
    {
        await using var fleet = await StartAsync();
        var parked = await EnqueueAsync(fleet, new ParkArgs("sleepy", false));
        await StateIsAsync(parked.JobId, "Scheduled");
        await _db.Database.InTransactionAsync(
            work => new JobQueue(_db.Database).WakeAsync(work, "sleepy", CancellationToken.None), CancellationToken.None);
        await StateIsAsync(parked.JobId, "Succeeded");

        var early = await EnqueueAsync(fleet, new ParkArgs("early", true));
        await StateIsAsync(early.JobId, "Succeeded");
        Assert.AreEqual(0, await ScalarAsync<int>("select attempts from harmony.job where job_id = @id", new { id = early.JobId }));
    }

    [TestMethod]
    public async Task A_stop_returns_running_jobs_at_once_with_no_attempt_spent()
    {
        var fleet = await StartAsync(o => o.ShutdownGraceSeconds = 0);
        var job = await EnqueueAsync(fleet, new SlowArgs(60_000));
        await StateIsAsync(job.JobId, "Processing");
        await fleet.DisposeAsync();
        Assert.AreEqual("Enqueued>Processing>Enqueued", await PathAsync(job.JobId));
        Assert.AreEqual(0, await ScalarAsync<int>("select attempts from harmony.job where job_id = @id", new { id = job.JobId }));
        Assert.AreEqual(1L, await ScalarAsync<long>("select count(*) from hangfire.jobqueue where fetchedat is null", null));
    }

    [TestMethod]
    public async Task A_cancelled_job_stops_running()
    {
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new SlowArgs(60_000));
        await StateIsAsync(job.JobId, "Processing");
        Assert.AreEqual("cancelled", await fleet.Services.GetRequiredService<OperatorDesk>().CancelAsync("ann", job.JobId, CancellationToken.None));
        await Until.SeenAsync(() => Task.FromResult(SlowJob.Stopped.Contains(job.JobId)), seen => seen);
        Assert.AreEqual("Enqueued>Processing>Deleted", await PathAsync(job.JobId));
    }

    [TestMethod]
    public async Task A_lane_never_runs_more_than_its_width()
    {
        await using var fleet = await StartAsync();
        for (var i = 0; i < 5; i++)
            await EnqueueAsync(fleet, new OnlyOneArgs(i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await Until.SeenAsync(() => ScalarAsync<long>("select count(*) from harmony.job where state = 'Succeeded'", null), n => n == 5);
        Assert.AreEqual(1, OnlyOneJob.Most);
    }

    private Task<TestFleet> StartAsync(Action<OrchestratorOptions>? set = null) => TestFleet.StartAsync(_db, Lanes, Jobs, set);

    private async Task SyncKindsAsync()
    {
        await using var fleet = await StartAsync();
        await Until.SeenAsync(() => ScalarAsync<long>("select count(*) from hangfire.server", null), n => n == 1);
    }

    private static Task<Enqueued> EnqueueAsync<TArgs>(TestFleet fleet, TArgs args)
        where TArgs : class, IJobArgs => fleet.Services.GetRequiredService<JobQueue>().EnqueueAsync(args, null, CancellationToken.None);

    private Task StateIsAsync(long jobId, string state) =>
        Until.SeenAsync(() => ScalarAsync<string>("select state from harmony.job where job_id = @jobId", new { jobId }), s => s == state);

    private Task<string?> PathAsync(long jobId) =>
        ScalarAsync<string>("select string_agg(to_state, '>' order by event_id) from harmony.job_event where job_id = @jobId", new { jobId });

    private Task<T?> ScalarAsync<T>(string sql, object? args) => _db.Database.QueryFirstAsync<T>(sql, args, CancellationToken.None);

    private sealed record EchoArgs(string Say) : IJobArgs
    {
        public static string Kind => "echo";
    }

    private sealed class EchoJob : IJob<EchoArgs>
    {
        public static JobSpec Spec { get; } = new("work");

        public Task<JobEnd> RunAsync(EchoArgs args, JobRun run, CancellationToken ct) => Task.FromResult(JobEnd.Done(new { Said = args.Say }));
    }

    private sealed record FailArgs(string Message, string? Code = null) : IJobArgs
    {
        public static string Kind => "fail";
    }

    private sealed class FailJob : IJob<FailArgs>
    {
        public static JobSpec Spec { get; } = new("work");

        public Task<JobEnd> RunAsync(FailArgs args, JobRun run, CancellationToken ct) => throw (args.Code is null
            ? new InvalidOperationException(args.Message)
            : new PermanentJobException(args.Code, args.Message));
    }

    private sealed record ParkArgs(string Key, bool WakeFirst) : IJobArgs
    {
        public static string Kind => "park";
    }

    private sealed class ParkJob(JobQueue queue, Database database) : IJob<ParkArgs>
    {
        private static readonly ConcurrentDictionary<long, bool> Seen = new();

        public static JobSpec Spec { get; } = new("work");

        public async Task<JobEnd> RunAsync(ParkArgs args, JobRun run, CancellationToken ct)
        {
            if (!Seen.TryAdd(run.JobId, true))
                return JobEnd.Done();
            if (args.WakeFirst)
                await database.InTransactionAsync(work => queue.WakeAsync(work, args.Key, ct), ct);
            return JobEnd.Park(TimeSpan.FromHours(1), args.Key, "waits for a call");
        }
    }

    private sealed record SlowArgs(int Ms) : IJobArgs
    {
        public static string Kind => "slow";
    }

    private sealed class SlowJob : IJob<SlowArgs>
    {
        public static readonly ConcurrentBag<long> Stopped = [];

        public static JobSpec Spec { get; } = new("work");

        public async Task<JobEnd> RunAsync(SlowArgs args, JobRun run, CancellationToken ct)
        {
            try
            {
                await Task.Delay(args.Ms, ct);
            }
            catch (OperationCanceledException)
            {
                Stopped.Add(run.JobId);
                throw;
            }

            return JobEnd.Done();
        }
    }

    private sealed record OnlyOneArgs(string Name, bool? Force = null) : IJobArgs
    {
        public static string Kind => "only_one";
    }

    private sealed class OnlyOneJob : IJob<OnlyOneArgs>
    {
        private static int _now;
        private static int _most;

        public static int Most => _most;

        public static JobSpec Spec { get; } = new("narrow") { UniqueKey = "one:{name}" };

        public async Task<JobEnd> RunAsync(OnlyOneArgs args, JobRun run, CancellationToken ct)
        {
            var now = Interlocked.Increment(ref _now);
            _most = Math.Max(_most, now);
            await Task.Delay(20, ct);
            Interlocked.Decrement(ref _now);
            return JobEnd.Done();
        }
    }
}
