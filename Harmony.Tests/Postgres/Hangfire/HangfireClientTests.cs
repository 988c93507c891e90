using System.Globalization;
using Hangfire;
using Hangfire.Server;
using Hangfire.States;
using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Postgres;

/// <summary>What a user of Hangfire expects of a running host, with the client and the manager of its services.</summary>
[TestClass]
public sealed class HangfireClientTests : EngineFixture
{
    [TestMethod]
    public async Task A_foreign_job_succeeds_after_automatic_retries()
    {
        await using var fleet = await StartAsync();
        var name = NewName();
        var id = Client(fleet).Enqueue(() => ForeignJobs.FailTwice(name));
        await StateIsAsync(Number(id), "Succeeded");
        Assert.AreEqual(3, ForeignJobs.RunsOf(name));
        var ledger = await ScalarAsync<string>("select title || ' ' || (lane is null) from harmony.job where job_id = @id", new { id = Number(id) });
        Assert.AreEqual("ForeignJobs.FailTwice true", ledger);
        StringAssert.StartsWith(await PathAsync(Number(id)), "Enqueued>Processing>Failed>", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_scheduled_job_without_a_queue_runs()
    {
        await using var fleet = await StartAsync();
        var name = NewName();
        var id = Client(fleet).Schedule(() => ForeignJobs.Note(name), TimeSpan.FromSeconds(1));
        await StateIsAsync(Number(id), "Succeeded");
        Assert.AreEqual("Scheduled>Enqueued>Processing>Succeeded", await PathAsync(Number(id)));
    }

    [TestMethod]
    public async Task A_scheduled_job_with_a_queue_runs()
    {
        await using var fleet = await StartAsync();
        var name = NewName();
        var id = Client(fleet).Schedule("default", () => ForeignJobs.Note(name), TimeSpan.FromSeconds(1));
        await StateIsAsync(Number(id), "Succeeded");
        Assert.AreEqual(1, ForeignJobs.RunsOf(name));
    }

    [TestMethod]
    [Timeout(150_000, CooperativeCancellation = true)]
    public async Task A_recurring_job_fires()
    {
        await using var fleet = await StartAsync();
        var name = NewName();
        fleet.Services.GetRequiredService<IRecurringJobManager>().AddOrUpdate(name, () => ForeignJobs.Note(name), "* * * * * *");
        await Until.SeenAsync(() => Task.FromResult(ForeignJobs.RunsOf(name)), n => n >= 2, TimeSpan.FromSeconds(100));
    }

    [TestMethod]
    public async Task A_continuation_starts_after_a_Harmony_job_succeeded()
    {
        await using var fleet = await StartAsync();
        var name = NewName();
        var parent = await EnqueueAsync(fleet, new SlowArgs(500));
        var child = Client(fleet).ContinueJobWith(Text(parent.JobId), () => ForeignJobs.Note(name));
        Assert.AreEqual("Awaiting", await ScalarAsync<string>("select state from harmony.job where job_id = @id", new { id = Number(child) }));
        await StateIsAsync(Number(child), "Succeeded");
        Assert.AreEqual("Awaiting>Enqueued>Processing>Succeeded", await PathAsync(Number(child)));
    }

    [TestMethod]
    public async Task A_continuation_with_an_unmet_condition_is_deleted()
    {
        await using var fleet = await StartAsync();
        var parent = await EnqueueAsync(fleet, new OtherEndArgs("discard"));
        await StateIsAsync(parent.JobId, "Deleted");
        var slow = await EnqueueAsync(fleet, new SlowArgs(500));
        var child = Client(fleet).ContinueJobWith(Text(slow.JobId), () => ForeignJobs.Note("never"), JobContinuationOptions.OnlyOnDeletedState);
        await StateIsAsync(Number(child), "Deleted");
        Assert.AreEqual(0, ForeignJobs.RunsOf("never"));
    }

    [TestMethod]
    public async Task A_Harmony_job_on_default_runs_in_its_lane()
    {
        await using var fleet = await StartAsync();
        var id = Client(fleet).Enqueue<JobEntry>(e => e.Run("echo", "{\"say\":\"hello\"}", CancellationToken.None));
        await StateIsAsync(Number(id), "Succeeded");
        Assert.AreEqual("hello", await ScalarAsync<string>("select result ->> 'said' from harmony.job where job_id = @id", new { id = Number(id) }));
        Assert.AreEqual("work_b", await ScalarAsync<string>("select invocationdata ->> 'Queue' from hangfire.job where id = @id", new { id = Number(id) }));
    }

    [TestMethod]
    public async Task A_scheduled_Harmony_job_without_a_queue_runs()
    {
        await using var fleet = await StartAsync();
        var id = Client(fleet).Schedule<JobEntry>(e => e.Run("echo", "{\"say\":\"later\"}", CancellationToken.None), TimeSpan.FromSeconds(1));
        await StateIsAsync(Number(id), "Succeeded");
    }

    [TestMethod]
    public async Task A_foreign_class_on_a_Harmony_queue_is_refused()
    {
        await using var fleet = await StartAsync();
        var id = Client(fleet).Create(() => ForeignJobs.Note("refused"), new EnqueuedState("work_b"));
        await StateIsAsync(Number(id), "Failed");
        Assert.AreEqual("foreign_job", await ScalarAsync<string>("select reason_code from harmony.job where job_id = @id", new { id = Number(id) }));
        StringAssert.Contains(
            await ScalarAsync<string>("select last_error from harmony.job where job_id = @id", new { id = Number(id) }), "HANGFIRE_QUEUES", StringComparison.Ordinal);
        Assert.AreEqual(0, ForeignJobs.RunsOf("refused"));
    }

    [TestMethod]
    public async Task A_failed_foreign_job_is_a_dead_letter()
    {
        await using var fleet = await StartAsync();
        var id = Client(fleet).Enqueue(() => ForeignJobs.Fail("it"));
        await StateIsAsync(Number(id), "Failed");
        StringAssert.Contains(
            await ScalarAsync<string>("select last_error from harmony.job where job_id = @id", new { id = Number(id) }), "it cannot work", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_server_filter_sees_Harmony_jobs_and_their_errors()
    {
        var filter = new NotingFilter();
        GlobalJobFilters.Filters.Add(filter);
        try
        {
            await using var fleet = await StartAsync(o => o.RetryDefaults = new RetryOverride(0, null, null, null));
            var good = await EnqueueAsync(fleet, new EchoArgs("filtered"));
            var bad = await EnqueueAsync(fleet, new FailArgs("boom"));
            await StateIsAsync(good.JobId, "Succeeded");
            await StateIsAsync(bad.JobId, "Failed");
            CollectionAssert.Contains(filter.Notes, $"before {good.JobId} echo");
            CollectionAssert.Contains(filter.Notes, $"after {good.JobId} ");
            CollectionAssert.Contains(filter.Notes, $"after {bad.JobId} boom");
            Assert.AreEqual("boom", await ScalarAsync<string>("select last_error from harmony.job where job_id = @JobId", bad));
        }
        finally
        {
            GlobalJobFilters.Filters.Remove(filter);
        }
    }

    [TestMethod]
    public async Task The_server_row_lists_the_served_queues()
    {
        await using var fleet = await StartAsync();
        Assert.AreEqual(
            "work_a work_b work_c narrow_a narrow_b narrow_c rated_a rated_b rated_c default",
            await ScalarAsync<string>("select string_agg(q, ' ') from hangfire.server, jsonb_array_elements_text(data -> 'Queues') q", null));
    }

    [TestMethod]
    public async Task A_deleted_server_row_is_restored_without_reruns()
    {
        await using var fleet = await StartAsync();
        var job = await EnqueueAsync(fleet, new SlowArgs(13_000));
        await StateIsAsync(job.JobId, "Processing");
        for (var i = 0; i < 110; i++)
        {
            await Db.ExecuteAsync("delete from hangfire.server", null, CancellationToken.None);
            await Task.Delay(100);
        }

        await StateIsAsync(job.JobId, "Succeeded");
        Assert.AreEqual("Enqueued>Processing>Succeeded", await PathAsync(job.JobId));
        await Until.SeenAsync(() => ScalarAsync<long>("select count(*) from hangfire.server", null), n => n == 1);
    }

    private static IBackgroundJobClient Client(TestFleet fleet) => fleet.Services.GetRequiredService<IBackgroundJobClient>();

    private static string NewName() => $"job-{Guid.CreateVersion7():n}";

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private sealed class NotingFilter : IServerFilter
    {
        private readonly Lock _lock = new();

        public List<string> Notes { get; } = [];

        public void OnPerforming(PerformingContext context) => Add($"before {context.BackgroundJob.Id} {context.BackgroundJob.Job.Args[0]}");

        public void OnPerformed(PerformedContext context) =>
            Add($"after {context.BackgroundJob.Id} {(context.Exception is JobPerformanceException e ? e.InnerException!.Message : context.Exception?.Message)}");

        private void Add(string note)
        {
            lock (_lock)
                Notes.Add(note);
        }
    }
}
