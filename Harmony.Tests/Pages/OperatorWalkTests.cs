using System.Net;
using Harmony.Tests.Walks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Pages;

/// <summary>What an operator does all day, in a real browser, on pages whose jobs run elsewhere.</summary>
[TestClass]
public sealed class OperatorWalkTests
{
    private static Browser s_browser = null!;

    public required TestContext TestContext { get; set; }

    [ClassInitialize]
    public static async Task OpenBrowserAsync(TestContext _) => s_browser = await Browser.StartAsync();

    [ClassCleanup]
    public static async Task CloseBrowserAsync() => await s_browser.DisposeAsync();

    [TestMethod]
    public async Task Waiting_matches_are_cancelled_after_a_confirmation()
    {
        await using var place = await PagesPlace.StartAsync();
        place.Valve.Fail = "broken";
        var older = await place.EnqueueAsync("needle zero");
        await place.StateAsync(older, "Failed");
        await place.Db.Database.ExecuteAsync("select harmony.pause('lane', 'operator')", null, TestContext.CancellationToken);
        var wanted = new[] { await place.EnqueueAsync("needle one"), await place.EnqueueAsync("needle two") };
        var other = await place.EnqueueAsync("hay");
        await using var visit = await s_browser.VisitAsync(place.Host.Address, new() { JavaScriptEnabled = false });

        await visit.OpenAsync("/ui/jobs?state=Enqueued&text=needle");
        Assert.AreEqual(2, await visit.Page.Locator("#jobs tbody tr").CountAsync());
        await visit.Page.ClickAsync("text=Cancel all matching");
        Assert.Contains("Cancel 2 jobs?", await visit.TextAsync("main"), StringComparison.Ordinal);
        // Nobody agreed to these: one is new, one older than those that were counted.
        var later = await place.EnqueueAsync("needle three");
        await place.Db.Database.ExecuteAsync("select harmony.requeue(job_ids => array[@older])", new { older }, TestContext.CancellationToken);
        await place.StateAsync(older, "Enqueued");
        await visit.Page.ClickAsync("text=Cancel them");

        Assert.Contains("2 jobs cancelled", await visit.TextAsync(".notice"), StringComparison.Ordinal);
        foreach (var job in wanted)
            await place.StateAsync(job, "Deleted");
        await place.StateAsync(other, "Enqueued");
        await place.StateAsync(later, "Enqueued");
        await place.StateAsync(older, "Enqueued");
        Assert.AreEqual(2L, await place.ScalarAsync<long>("select count(*) from harmony.operator_action where action = 'cancel' and actor = 'local'"));
    }

    [TestMethod]
    public async Task Selected_scheduled_jobs_run_now()
    {
        await using var place = await PagesPlace.StartAsync();
        place.Valve.Open();
        var now = TimeProvider.System.GetUtcNow();
        var first = await place.EnqueueAsync(at: now.AddHours(1));
        var second = await place.EnqueueAsync(at: now.AddHours(2));
        await using var visit = await s_browser.VisitAsync(place.Host.Address);

        await visit.OpenAsync("/ui/jobs?state=Scheduled");
        await visit.Page.CheckAsync($"input[value='{first}']");
        await visit.Page.ClickAsync("text=Run selected now");

        Assert.Contains("1 job due now", await visit.TextAsync(".notice"), StringComparison.Ordinal);
        await visit.Page.WaitForSelectorAsync($"tr[data-row='{first}']", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await place.StateAsync(first, "Succeeded");
        await place.StateAsync(second, "Scheduled");
        Assert.IsEmpty(visit.Complaints, string.Join('\n', visit.Complaints));
    }

    [TestMethod]
    public async Task A_lane_pause_reaches_other_processes_within_a_second()
    {
        await using var place = await WalkPlace.CreateAsync(TestContext.CancellationToken);
        place.Environment["WATCHLIST_TIMER_ENABLED"] = "false";
        await using var pages = HarmonyProcess.Start(place, "api");
        await using var worker = HarmonyProcess.Start(place, "worker");
        await pages.ReadyAsync();
        await using var visit = await s_browser.VisitAsync(pages.Url!);
        using var over = new CancellationTokenSource();
        var feeding = FeedAsync(place, over.Token);
        await place.UntilAsync<long>("select count(*) from harmony.job where kind = 'noop' and state = 'Succeeded'", n => n > 3, 60);
        await visit.OpenAsync("/ui/lanes");

        await visit.Page.ClickAsync("tr[data-row='operator'] >> text=Pause");
        await visit.Page.WaitForSelectorAsync("tr[data-row='operator'] >> text=Paused");
        await place.UntilAsync<long>("select count(*) from harmony.job where kind = 'noop' and state = 'Enqueued'", n => n > 40, 60);
        await over.CancelAsync();
        await feeding;

        Assert.AreEqual(0L, await place.ScalarAsync<long>(
            "select count(*) from harmony.job j join harmony.pause p on p.scope = 'lane' and p.name = 'operator' where j.kind = 'noop' and j.started_at > p.paused_at + interval '1 second'"));
        Assert.AreEqual(1L, await place.ScalarAsync<long>($"select count(*) from hangfire.server where id like '%:{worker.Id}:%'"), "it is there, and does nothing");
        Assert.Contains("local paused lane:operator", (await visit.TextAsync("#pauses-so-far")).ReplaceLineEndings(" "), StringComparison.Ordinal);
        await visit.Page.ClickAsync("tr[data-row='operator'] >> text=Resume");
        await place.UntilAsync<long>("select count(*) from harmony.job where kind = 'noop' and state = 'Enqueued'", n => n == 0, 60);
    }

    [TestMethod]
    public async Task An_artist_is_paused_prioritised_and_refreshed_by_forms()
    {
        await using var place = await PagesPlace.StartAsync();
        await SomeMusic.AddAsync(place.Db, "Nordlicht", TestContext.CancellationToken);
        await using var visit = await s_browser.VisitAsync(place.Host.Address, new() { JavaScriptEnabled = false });
        async Task<string> SentAsync(string form, params (string Field, string Value)[] fields)
        {
            foreach (var (field, value) in fields)
            {
                var input = visit.Page.Locator($"form[action$='{form}'] [name='{field}']");
                if (field is "length" or "backlog")
                    await input.SelectOptionAsync(value);
                else
                    await input.FillAsync(value);
            }

            await visit.Page.ClickAsync(fields.Length == 0 ? $"button[formaction$='{form}']" : $"form[action$='{form}'] button");
            return await visit.TextAsync(".notice");
        }

        await visit.OpenAsync("/ui/artists/spotify:abc");
        Assert.Contains("Resumed", await SentAsync("/resume"), StringComparison.Ordinal);
        Assert.Contains("Paused until 2", await SentAsync("/pause", ("length", "week"), ("reason", "on tour")), StringComparison.Ordinal);
        Assert.Contains("priority is 5", await SentAsync("/priority", ("priority", "5")), StringComparison.Ordinal);
        Assert.Contains("kept fresh from the next tick", await SentAsync("/keep"), StringComparison.Ordinal);
        await place.Db.Database.ExecuteAsync("update public.artist_watchlist set cooldown_until = harmony.now() + interval '1 hour'", null, TestContext.CancellationToken);
        Assert.Contains("is 9 now", await SentAsync("/keep-priority", ("priority", "9")), StringComparison.Ordinal);
        await visit.OpenAsync("/ui/watchlist");
        Assert.Contains("on tour, resumes in", await visit.TextAsync("#watchlist tbody"), StringComparison.Ordinal);
        Assert.Contains("Nordlicht", await visit.TextAsync("#fresh tbody"), StringComparison.Ordinal);
        Assert.Contains("kept fresh already", await SentAsync("/ui/watchlist", ("artist", "spotify:abc"), ("backlog", "metadata")), StringComparison.Ordinal);

        Assert.AreEqual("on tour 5 7", await place.ScalarAsync<string>(
            "select concat_ws(' ', stop_reason, priority, round(extract(epoch from retry_block_until - harmony.now()) / 86400)) from public.watchlist_artists"));
        Assert.AreEqual(9, await place.ScalarAsync<int>("select priority from public.artist_watchlist where cooldown_until > harmony.now()"), "what rests goes on resting");
        Assert.AreEqual(
            "watch_resume watch_pause watch_priority metadata_watch metadata_priority",
            await place.ScalarAsync<string>("select string_agg(action, ' ' order by action_id) from harmony.operator_action where target = 'artist:spotify:abc' and actor = 'local'"));
    }

    [TestMethod]
    public async Task An_artist_page_works_before_and_after_the_sync()
    {
        await using var place = await PagesPlace.StartAsync();
        await using var visit = await s_browser.VisitAsync(place.Host.Address, new() { JavaScriptEnabled = false });
        await visit.OpenAsync("/ui/watchlist");
        await visit.Page.FillAsync("form[action$='/ui/watchlist'] [name='artist']", "spotify:4uFZsG1vXrPcvnZ4iSQyrx");
        await visit.Page.ClickAsync("form[action$='/ui/watchlist'] button");
        await visit.OpenAsync("/ui/artists/spotify:4uFZsG1vXrPcvnZ4iSQyrx");
        Assert.Contains("not synced yet", await visit.TextAsync("#facts"), StringComparison.Ordinal);
        Assert.Contains("They appear after the first sync", await visit.TextAsync("#releases"), StringComparison.Ordinal);
        await visit.Page.FillAsync("form[action$='/priority'] [name='priority']", "2000000000");
        await visit.Page.ClickAsync("form[action$='/priority'] button");
        Assert.Contains("from -1000000 to 1000000", await visit.TextAsync(".notice"), StringComparison.Ordinal);
        Assert.AreEqual(404, (await visit.Page.GotoAsync($"{place.Host.Address}/ui/artists/spotify:0000000000000000000000"))!.Status);

        await place.Db.Database.ExecuteAsync(
            """
            insert into public.artist_audit (artist_key, entity_type, entity_id, event)
            select 'spotify:4uFZsG1vXrPcvnZ4iSQyrx', 'release', 'release ' || n, 'created' from generate_series(1, 30) n
            """,
            null,
            TestContext.CancellationToken);
        await visit.OpenAsync("/ui/artists/spotify:4uFZsG1vXrPcvnZ4iSQyrx");
        List<string> seen = [];
        for (var page = 1; ; page++)
        {
            seen.AddRange(await visit.Page.Locator("#changes li .grow").AllInnerTextsAsync());
            if (await visit.Page.Locator("#changes a[rel=next]").CountAsync() == 0)
                break;
            Assert.IsLessThan(5, page);
            await visit.Page.ClickAsync("#changes a[rel=next]");
        }

        CollectionAssert.AreEqual(Enumerable.Range(1, 30).Reverse().Select(n => $"release {n}").ToArray(), seen.Select(s => s.Split('\n')[0].Trim()).ToArray());
        await visit.Page.ClickAsync("#changes a[rel=prev]");
        Assert.Contains("release 30", await visit.TextAsync("#changes"), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Dead_letters_are_filtered_and_exported()
    {
        await using var place = await PagesPlace.StartAsync();
        var old = await place.DeadLetterAsync("disk is 100% full");
        var young = await place.DeadLetterAsync("no peer has it");
        await place.Db.Database.ExecuteAsync(
            "update harmony.job set dead_lettered_at = dead_lettered_at - interval '2 days' where job_id = @old", new { old }, TestContext.CancellationToken);
        await using var visit = await s_browser.VisitAsync(place.Host.Address);

        Assert.AreEqual(old, await OnlyAsync(visit, "/ui/dead-letters?text=100%25%20FULL"));
        Assert.AreEqual(old, await OnlyAsync(visit, "/ui/dead-letters?age=day"));
        Assert.AreEqual(young, await OnlyAsync(visit, "/ui/dead-letters?reason=failed&text=peer"));
        Assert.Contains("1 in the last 24 hours", await visit.TextAsync("#groups"), StringComparison.Ordinal);
        await visit.OpenAsync("/ui/dead-letters?text=100_%25");
        Assert.Contains("None matches", await visit.TextAsync("main"), StringComparison.Ordinal);

        var lines = (await (await visit.Page.APIRequest.GetAsync("/ui/dead-letters/export?age=day")).TextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(1, lines);
        var line = System.Text.Json.JsonElement.Parse(lines[0]);
        Assert.AreEqual(old, line.GetProperty("job_id").GetInt64());
        Assert.AreEqual("disk is 100% full", line.GetProperty("last_error").GetString());
        Assert.DoesNotContain("hunter2", lines[0], StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_viewer_cannot_search_arguments_or_use_bulk_actions()
    {
        await using var place = await PagesPlace.StartAsync(
            ("HARMONY_API_KEYS", "eva:viewer:viewer-key-viewer-key-viewer-key,tom:operator:operator-key-operator-key-op"));
        var dead = await place.DeadLetterAsync("broken");
        await using var viewer = await s_browser.VisitAsync(place.Host.Address, new() { ExtraHTTPHeaders = [new("X-API-Key", "viewer-key-viewer-key-viewer-key")] });
        await using var tom = await s_browser.VisitAsync(place.Host.Address, new() { ExtraHTTPHeaders = [new("X-API-Key", "operator-key-operator-key-op")] });

        await tom.OpenAsync("/ui/jobs?text=hunter2");
        Assert.AreEqual(1, await tom.Page.Locator("#jobs tbody tr").CountAsync());
        await viewer.OpenAsync("/ui/jobs?text=hunter2");
        Assert.Contains("No job matches", await viewer.TextAsync("#jobs"), StringComparison.Ordinal);
        Assert.DoesNotContain("\"args\":{", await (await viewer.Page.APIRequest.GetAsync("/ui/dead-letters/export")).TextAsync(), StringComparison.Ordinal);

        await tom.OpenAsync("/ui/dead-letters");
        Assert.AreEqual(0, await tom.Page.Locator("text=all matching").CountAsync());
        foreach (var address in new[] { $"/ui/jobs/{dead}/purge", "/ui/dead-letters/requeue-all", "/ui/dead-letters/purge-all", "/ui/jobs/cancel-all", "/ui/jobs/run-now-all" })
            Assert.AreEqual((int)HttpStatusCode.Forbidden, (await tom.Page.APIRequest.PostAsync(address)).Status, address);
        Assert.AreEqual(409, (await tom.Page.APIRequest.PostAsync($"/api/v1/jobs/{dead}/cancel")).Status, "a dead letter is purged, and by an admin");
        await place.StateAsync(dead, "Failed");
    }

    [TestMethod]
    public async Task A_failing_job_is_shown_dead_lettered_and_requeued()
    {
        await using var place = await PagesPlace.StartAsync();
        place.Valve.Fail = Valve.Passing + "the disk is full";
        var job = await place.EnqueueAsync();
        await using var visit = await s_browser.VisitAsync(place.Host.Address);
        await visit.OpenAsync($"/ui/jobs/{job}");
        await visit.Page.WaitForSelectorAsync("#head .tone-dead");

        Assert.Contains("retries_exhausted", await visit.TextAsync("#head"), StringComparison.Ordinal);
        Assert.Contains("3 of 3", await visit.TextAsync("#head"), StringComparison.Ordinal);
        Assert.AreEqual(2, await visit.Page.Locator("#history b:text-is('Run failed')").CountAsync());
        await visit.OpenAsync("/ui/dead-letters");
        await visit.Page.CheckAsync("[data-all=job]");
        Assert.Contains("Requeue selected (1)", await visit.TextAsync("main"), StringComparison.Ordinal);

        place.Valve.Fail = null;
        place.Valve.Open();
        await visit.OpenAsync($"/ui/jobs/{job}");
        await visit.Page.ClickAsync("text=Requeue");
        await visit.Page.WaitForSelectorAsync("#head .tone-done");
        Assert.IsEmpty(visit.Complaints, string.Join('\n', visit.Complaints));
    }

    [TestMethod]
    public async Task A_dead_letter_is_purged_after_a_confirmation()
    {
        await using var place = await PagesPlace.StartAsync();
        var job = await place.DeadLetterAsync("broken");
        await using var visit = await s_browser.VisitAsync(place.Host.Address, new() { JavaScriptEnabled = false });
        await visit.OpenAsync($"/ui/jobs/{job}");
        Assert.IsFalse(await visit.Page.Locator("text=Purge it").IsVisibleAsync());

        await visit.Page.ClickAsync("summary:has-text('Purge')");
        await visit.Page.ClickAsync("text=Purge it");

        Assert.Contains($"Job {job} is purged", await visit.TextAsync(".notice"), StringComparison.Ordinal);
        await place.StateAsync(job, "Deleted");
        Assert.AreEqual(1L, await place.ScalarAsync<long>("select count(*) from harmony.operator_action where action = 'purge' and actor = 'local'"));
        await visit.OpenAsync("/ui");
        Assert.MatchesRegex("[0-9]+ in use, [0-9]+ idle, at most [1-9]", await visit.TextAsync("#database"));
    }

    [TestMethod]
    public async Task A_secret_in_an_error_is_masked_everywhere()
    {
        const string canary = "canary-7d1fe0";
        await using var place = await PagesPlace.StartAsync();
        var dead = await place.DeadLetterAsync(
            $"refused: client_secret={canary}, Authorization: Bearer {canary}, {{\"refresh_token\": \"{canary}\"}}, postgres://harmony:{canary}@db/harmony, Password={canary};");
        await using var visit = await s_browser.VisitAsync(place.Host.Address);

        var tables = await place.Db.Database.QueryAsync<string>(
            "select format('%I.%I', t.schemaname, t.tablename) from pg_tables t where t.schemaname in ('harmony', 'hangfire')", null, TestContext.CancellationToken);
        Assert.IsGreaterThan(20, tables.Count);
        foreach (var table in tables)
            Assert.AreEqual(0L, await place.ScalarAsync<long>($"select count(*) from {table} t where t::text like '%{canary}%'"), table);
        Assert.IsTrue(await place.ScalarAsync<bool>("select last_error like 'refused: client_secret=%' from harmony.job"));

        foreach (var path in new[] { $"/ui/jobs/{dead}", "/ui/dead-letters", "/ui/dead-letters/export", $"/api/v1/jobs/{dead}", "/api/v1/dlq", "/metrics", "/ui/audit" })
            Assert.DoesNotContain(canary, await (await visit.Page.APIRequest.GetAsync(path)).TextAsync(), StringComparison.Ordinal, path);
        await visit.OpenAsync($"/ui/jobs?text={canary}");
        Assert.AreEqual(0, await visit.Page.Locator("#jobs tbody tr").CountAsync());
    }

    [TestMethod]
    public async Task Concurrent_exports_are_limited()
    {
        await using var place = await PagesPlace.StartAsync();
        var desk = place.Host.Services.GetRequiredService<Api.Pages.Shell.ExportResponse>();
        var going = new TaskCompletionSource();
        var others = Enumerable.Range(0, Api.Pages.Shell.ExportResponse.MostAtOnce)
            .Select(_ => desk.SendAsync(new DefaultHttpContext(), "text/csv", "x.csv", (_, _) => going.Task)).ToList();
        await using var visit = await s_browser.VisitAsync(place.Host.Address);

        foreach (var path in new[] { "/ui/audit/export", "/ui/dead-letters/export" })
        {
            var refused = await visit.Page.APIRequest.GetAsync(path);
            Assert.AreEqual((int)HttpStatusCode.ServiceUnavailable, refused.Status, path);
            Assert.IsTrue(refused.Headers.ContainsKey("retry-after"), path);
        }

        going.SetResult();
        await Task.WhenAll(others);
        Assert.AreEqual(200, (await visit.Page.APIRequest.GetAsync("/ui/audit/export")).Status);
    }

    [TestMethod]
    public async Task The_audit_export_is_filtered_and_contains_no_formula()
    {
        await using var place = await PagesPlace.StartAsync();
        await place.Db.Database.ExecuteAsync(
            """
            insert into harmony.operator_action (at, actor, action, target, detail)
            values
                (now() - interval '40 days', 'key:eva', 'pause', 'lane:download', '{}'),
                (now() - interval '1 hour', '=cmd|calc', 'cancel', '77', '{"note": "said \"no\", twice"}'),
                (now() - interval '1 hour', 'key:tom', 'cancel', '78', '{}')
            """,
            null,
            TestContext.CancellationToken);
        await using var visit = await s_browser.VisitAsync(place.Host.Address);

        await visit.OpenAsync("/ui/audit?action=cancel&target=77");
        Assert.AreEqual(1, await visit.Page.Locator("#audit tbody tr").CountAsync());
        await visit.OpenAsync("/ui/audit?actor=key%3Aeva&to=" + TimeProvider.System.GetUtcNow().AddDays(-30).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains("lane:download", await visit.TextAsync("#audit"), StringComparison.Ordinal);
        await visit.OpenAsync("/ui/audit?actor=nobody");
        Assert.Contains("No action matches", await visit.TextAsync("#audit"), StringComparison.Ordinal);

        var csv = (await (await visit.Page.APIRequest.GetAsync("/ui/audit/export?target=77")).TextAsync()).Split("\r\n");
        Assert.AreEqual("\"action_id\",\"at\",\"actor\",\"action\",\"target\",\"affected\",\"dry_run\",\"detail\"", csv[0]);
        Assert.Contains("\"'=cmd|calc\",\"cancel\",\"77\"", csv[1], StringComparison.Ordinal);
        Assert.Contains("said \\\"\"no\\\"\", twice", csv[1], StringComparison.Ordinal);
        Assert.AreEqual("", csv[2]);
    }

    [TestMethod]
    public async Task The_first_page_warns_of_many_dead_letters()
    {
        await using var place = await PagesPlace.StartAsync();
        await using var visit = await s_browser.VisitAsync(place.Host.Address);
        await visit.OpenAsync("/ui");
        Assert.AreEqual(0, await visit.Page.Locator("#warning .notice").CountAsync());

        await SowDeadAsync(place, 11);
        await visit.Page.WaitForSelectorAsync("#warning .notice.warn");
        await SowDeadAsync(place, 101);
        await visit.Page.WaitForSelectorAsync("#warning .notice.bad");
        Assert.Contains("112 dead letters in five minutes", await visit.TextAsync("#warning"), StringComparison.Ordinal);

        await place.Db.Database.ExecuteAsync(
            """
            insert into hangfire.counter (key, value)
            values
                ('stats:succeeded:' || to_char((harmony.now() at time zone 'UTC')::date - 3, 'YYYY-MM-DD'), 41),
                ('stats:failed_runs:' || to_char((harmony.now() at time zone 'UTC')::date - 3, 'YYYY-MM-DD'), 7),
                ('stats:failed:' || to_char((harmony.now() at time zone 'UTC')::date - 3, 'YYYY-MM-DD'), 2)
            """,
            null,
            TestContext.CancellationToken);
        await visit.OpenAsync("/ui");
        Assert.AreEqual(1, await visit.Page.Locator("#days rect.done").CountAsync());
        Assert.AreEqual(1, await visit.Page.Locator("#days rect.retried").CountAsync());
        Assert.Contains("41 jobs done, 5 runs tried again, 2 dead letters", await visit.Page.GetAttributeAsync("#days svg", "aria-label") ?? "", StringComparison.Ordinal);
        Assert.Contains("of", await visit.TextAsync("#database"), StringComparison.Ordinal);
        Assert.IsEmpty(visit.Complaints, string.Join('\n', visit.Complaints));
    }

    private static async Task FeedAsync(WalkPlace place, CancellationToken over)
    {
        // The kinds are there once a host has started.
        await place.UntilAsync<bool>("select exists (select from harmony.kind where kind = 'noop')", there => there, 60);
        while (!over.IsCancellationRequested)
        {
            await place.ScalarAsync<long>("select job_id from harmony.enqueue('noop')");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private Task SowDeadAsync(PagesPlace place, int jobs) => place.Db.Database.ExecuteAsync(
        """
        insert into harmony.job (job_id, kind, lane, state, dead_lettered_at, last_error)
        select nextval('hangfire.job_id_seq'), 'valve', 'operator', 'Failed', harmony.now(), 'broken'
        from generate_series(1, @jobs)
        """,
        new { jobs },
        TestContext.CancellationToken);

    private static async Task<long> OnlyAsync(Visit visit, string address)
    {
        await visit.OpenAsync(address);
        var rows = visit.Page.Locator("tr:has(input[name=job])");
        Assert.AreEqual(1, await rows.CountAsync(), address);
        return long.Parse(await rows.GetAttributeAsync("data-row") ?? "", System.Globalization.CultureInfo.InvariantCulture);
    }
}
