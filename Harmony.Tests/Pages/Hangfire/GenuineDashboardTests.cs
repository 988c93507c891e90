using System.Net;
using Harmony.Api.Dashboards;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Pages;

[TestClass]
public sealed class GenuineDashboardTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Every_page_is_answered_over_rows_that_sql_wrote()
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
    public async Task The_style_sheets_and_scripts_of_a_page_are_served()
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.Read, Ct);

        var assets = await dashboard.AssetsAsync("/servers", Ct);

        Assert.IsGreaterThanOrEqualTo(2, assets.Count);
        foreach (var asset in assets)
            Assert.AreEqual(HttpStatusCode.OK, (await dashboard.GetAsync(asset, Ct)).Status, asset);
    }

    [TestMethod]
    public async Task A_failed_job_shows_its_reason_and_leads_back_to_our_pages()
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.Read, Ct);

        var (_, body) = await dashboard.GetAsync("/jobs/details/2", Ct);

        Assert.Contains("the source is gone", body, StringComparison.Ordinal);
        Assert.Contains("href=\"/ui\"", body, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_click_requeues_a_failed_job_in_the_format_we_write()
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
    public async Task A_click_without_token_or_right_changes_nothing(DashboardAccess access, bool withToken, HttpStatusCode expected)
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, access, Ct);

        var status = await dashboard.ClickAsync("/jobs/failed/requeue", 2, withToken, Ct);

        Assert.AreEqual(expected, status);
        CollectionAssert.AreEqual(new[] { "Failed" },
            (await database.Database.QueryAsync<string>("select statename from hangfire.job where id = 2", null, Ct)).ToArray());
    }

    [TestMethod]
    public async Task A_stranger_sees_nothing()
    {
        await using var database = await WithJobsAsync();
        await using var dashboard = await DashboardHost.StartAsync(database, DashboardAccess.None, Ct);

        var (status, body) = await dashboard.GetAsync("/jobs/details/2", Ct);

        Assert.AreEqual(HttpStatusCode.Unauthorized, status);
        Assert.AreEqual("", body);
    }

    private async Task<TestDatabase> WithJobsAsync()
    {
        var database = await TestDatabase.CreateAsync();
        await database.Database.ExecuteAsync(DashboardRows.Sql, null, Ct);
        return database;
    }
}
