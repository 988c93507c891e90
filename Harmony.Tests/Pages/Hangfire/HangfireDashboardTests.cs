using System.Net;
using Harmony.Api.Dashboards;
using Harmony.Orchestrator;
using Harmony.Orchestrator.Schedules;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Pages;

[TestClass]
internal sealed class HangfireDashboardTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Every_page_renders_rows_written_by_SQL()
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.Write, Ct);
        string[] pages =
        [
            "", "/", "/jobs/enqueued", "/jobs/enqueued/noop_b", "/jobs/enqueued/fetched/noop_b", "/jobs/processing", "/jobs/scheduled",
            "/jobs/succeeded", "/jobs/failed", "/jobs/deleted", "/jobs/awaiting", "/jobs/details/1", "/jobs/details/2", "/jobs/details/3",
            "/jobs/details/4", "/recurring", "/retries", "/servers",
        ];

        foreach (var page in pages)
        {
            var (status, body) = await dashboard.GetAsync(page, Ct);

            Assert.AreEqual(HttpStatusCode.OK, status, page);
            Assert.Contains("Harmony on Hangfire", body, StringComparison.Ordinal, page);
            Assert.DoesNotContain("PostgreSQL Server", body, StringComparison.Ordinal, page);
        }
    }

    [TestMethod]
    [DataRow("/jobs/failed", 2)]
    [DataRow("/jobs/scheduled", 4)]
    [DataRow("/retries", 4)]
    [DataRow("/jobs/enqueued/noop_b", 1)]
    [DataRow("/jobs/details/2", 2)]
    public async Task A_list_shows_the_title_of_a_job(string page, long job)
    {
        await using var database = await WithJobsAsync();
        await database.Database.ExecuteAsync("update harmony.job set lane = 'noop', title = 'Marble Harbour' where job_id = @job", new { job }, Ct);
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.Write, Ct);

        Assert.Contains("noop · Marble Harbour", WebUtility.HtmlDecode((await dashboard.GetAsync(page, Ct)).Body), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Style_sheets_and_scripts_are_served()
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.Read, Ct);

        var assets = await dashboard.AssetsAsync("/servers", Ct);

        Assert.IsGreaterThanOrEqualTo(2, assets.Count);
        foreach (var asset in assets)
            Assert.AreEqual(HttpStatusCode.OK, (await dashboard.GetAsync(asset, Ct)).Status, asset);
    }

    [TestMethod]
    public async Task A_failed_job_shows_its_reason_and_Harmony_links()
    {
        await using var database = await WithJobsAsync();
        await database.Database.ExecuteAsync("update harmony.job set lane = 'noop', reason_code = 'no_<use>', attempts = 3 where job_id = 2", null, Ct);
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.Write, Ct);

        var (_, body) = await dashboard.GetAsync("/jobs/details/2", Ct);

        Assert.Contains("the source is gone", body, StringComparison.Ordinal);
        Assert.Contains("<dt>Lane</dt><dd>noop</dd><dt>Attempts</dt><dd>3 of 11</dd><dt>Reason</dt><dd>no_&lt;use&gt;</dd>", body, StringComparison.Ordinal);
        foreach (var ours in new[] { "/ui", "/ui/jobs/2", "/ui/dead-letters", "/ui/schedules", "/ui/lanes", "/ui/audit" })
            Assert.Contains($"href=\"{ours}\"", body, StringComparison.Ordinal);
        Assert.AreEqual(1, body.Split("\"/ui/lanes\"").Length - 1, "the menu is the process's, and there were other dashboards in it");
    }

    [TestMethod]
    public async Task A_viewer_is_redirected_to_the_masked_job_page()
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.Read, Ct);

        Assert.AreEqual("/ui/jobs/2", await dashboard.RedirectAsync("/jobs/details/2", Ct));
        Assert.DoesNotContain("{&quot;n&quot;", (await dashboard.GetAsync("/jobs/failed", Ct)).Body, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task An_action_is_recorded_under_its_user_only()
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.Write, Ct);

        await dashboard.ClickAsync("/jobs/failed/requeue", 2, withToken: true, Ct);
        await database.Database.ExecuteAsync("select harmony.cancel(1)", null, Ct);

        Assert.AreEqual(
            $"1 Deleted harmony, 2 Enqueued {DashboardHost.Visitor}",
            await database.Database.QueryFirstAsync<string>(
                """
                select string_agg(format('%s %s %s', job_id, to_state, actor), ', ' order by job_id)
                from (select distinct on (job_id) * from harmony.job_event where job_id in (1, 2) order by job_id, event_id desc) e
                """,
                null,
                Ct));
    }

    [TestMethod]
    public async Task A_requeue_writes_the_row_format_of_Harmony()
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.Write, Ct);

        var status = await dashboard.ClickAsync("/jobs/failed/requeue", 2, withToken: true, Ct);

        Assert.AreEqual(HttpStatusCode.NoContent, status);
        var row = await database.Database.QueryAsync<string>(
            """
            select format('%s|%s|%s|%s', j.statename, s.reason, s.data ->> 'EnqueuedAt' ~ '^[0-9]{13}$', q.queue)
            from hangfire.job j
            join hangfire.state s on s.id = j.stateid
            join hangfire.jobqueue q on q.jobid = j.id
            where j.id = 2
            """,
            null,
            Ct);
        CollectionAssert.AreEqual(new[] { "Enqueued|Triggered via Dashboard UI|t|noop_b" }, row.ToArray());
    }

    [TestMethod]
    [DataRow(DashboardAccess.Write, false, HttpStatusCode.Forbidden)]
    [DataRow(DashboardAccess.Read, true, HttpStatusCode.Unauthorized)]
    public async Task An_action_without_token_or_right_changes_nothing(DashboardAccess access, bool withToken, HttpStatusCode expected)
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, access, Ct);

        var status = await dashboard.ClickAsync("/jobs/failed/requeue", 2, withToken, Ct);

        Assert.AreEqual(expected, status);
        CollectionAssert.AreEqual(new[] { "Failed" },
            (await database.Database.QueryAsync<string>("select statename from hangfire.job where id = 2", null, Ct)).ToArray());
    }

    [TestMethod]
    [DataRow(DashboardAccess.Write, "/jobs/failed/delete", "Failed")]
    [DataRow(DashboardAccess.Write, "/jobs/actions/delete/2", "Failed")]
    [DataRow(DashboardAccess.Write, "/jobs/enqueued/delete", "Failed")]
    [DataRow(DashboardAccess.Write, "/jobs/actions/delete/+2", "Failed")]
    [DataRow(DashboardAccess.Write, "/jobs/actions/delete/%202", "Failed")]
    [DataRow(DashboardAccess.Write, "/jobs/failed/delete%0A", "Failed")]
    [DataRow(DashboardAccess.Write, "/jobs/failed/DELETE", "Failed")]
    [DataRow(DashboardAccess.Purge, "/jobs/failed/delete", "Deleted")]
    [DataRow(DashboardAccess.Purge, "/jobs/actions/delete/2", "Deleted")]
    public async Task Only_admins_delete_dead_letters(DashboardAccess access, string action, string becomes)
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, access, Ct);

        var status = await dashboard.ClickAsync(action, 2, withToken: true, Ct);

        Assert.AreEqual(access == DashboardAccess.Purge ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden, status);
        CollectionAssert.AreEqual(new[] { becomes },
            (await database.Database.QueryAsync<string>("select statename from hangfire.job where id = 2", null, Ct)).ToArray());
    }

    [TestMethod]
    public async Task Access_without_a_credential_is_refused()
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.None, Ct);

        var (status, body) = await dashboard.GetAsync("/jobs/details/2", Ct);

        Assert.AreEqual(HttpStatusCode.Unauthorized, status);
        Assert.AreEqual("", body);
    }

    [TestMethod]
    public async Task Trigger_now_runs_one_job_under_its_user()
    {
        await using var database = await TestDatabase.CreateAsync();
        Assert.IsTrue(Cron.TryParse("0 0 1 1 *", out var newYear, out _));
        await using var fleet = await TestFleet.StartAsync(
            database, [new Lane("work", 2)], [typeof(TickJob)], o => o.Schedules = [new Schedule { Name = "yearly", Kind = "tick", Cron = newYear, Misfire = Misfire.Skip }]);
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.Write, Ct);
        await Until.SeenAsync(async () => (await dashboard.GetAsync("/recurring", Ct)).Body, page => page.Contains("yearly", StringComparison.Ordinal));

        Assert.AreEqual(HttpStatusCode.NoContent, await dashboard.ClickAsync("/recurring/trigger", "yearly", withToken: true, Ct));

        Task<string?> Jobs() => database.Database.QueryFirstAsync<string>("select string_agg(kind || ' ' || state, ', ') from harmony.job", null, Ct);
        await Until.SeenAsync(Jobs, jobs => jobs == "tick Succeeded");
        await Task.Delay(TimeSpan.FromSeconds(2), Ct);
        Assert.AreEqual("tick Succeeded", await Jobs(), "once");
        Assert.AreEqual(
            DashboardHost.Visitor,
            await database.Database.QueryFirstAsync<string>("select actor from harmony.job_event order by event_id limit 1", null, Ct));
        Assert.AreEqual(HttpStatusCode.OK, (await dashboard.GetAsync("/recurring", Ct)).Status);
    }

    private sealed record TickArgs : IJobArgs
    {
        public static string Kind => "tick";
    }

    private sealed class TickJob : IJob<TickArgs>
    {
        public static JobSpec Spec { get; } = new("work");

        public Task<JobEnd> RunAsync(TickArgs args, JobRun run, CancellationToken cancellationToken) => Task.FromResult(JobEnd.Done());
    }

    private async Task<TestDatabase> WithJobsAsync()
    {
        var database = await TestDatabase.CreateAsync();
        await database.Database.ExecuteAsync(DashboardRows.Sql, null, Ct);
        return database;
    }
}
