using System.Net;
using Harmony.Api.Pages.Live;
using Harmony.Orchestrator;
using Harmony.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Harmony.Tests.Pages;

[TestClass]
public sealed class PagesTests
{
    private static readonly Lane[] Lanes = [new("operator", 2)];
    private static Browser s_browser = null!;

    private readonly Valve _valve = new();
    private TestDatabase _db = null!;
    private PagesHost _host = null!;
    private TestFleet _fleet = null!;

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [ClassInitialize]
    public static async Task OpenBrowserAsync(TestContext _) => s_browser = await Browser.StartAsync();

    [ClassCleanup]
    public static async Task CloseBrowserAsync() => await s_browser.DisposeAsync();

    [TestInitialize]
    public async Task StartAsync()
    {
        _db = await TestDatabase.CreateAsync();
        _host = await PagesHost.StartAsync(_db);
        _fleet = await TestFleet.StartAsync(_db, Lanes, [typeof(ValveJob)], add: s => s.AddSingleton(_valve));
        await Until.SeenAsync(() => ScalarAsync<bool>("select exists (select from harmony.kind where kind = 'valve')"), known => known);
    }

    [TestCleanup]
    public async Task StopAsync()
    {
        _valve.Open();
        await _fleet.DisposeAsync();
        await _host.DisposeAsync();
        await _db.DisposeAsync();
    }

    [TestMethod]
    public async Task Every_page_loads_without_errors_or_foreign_hosts()
    {
        var job = await DeadLetterAsync("broken");
        await AddMusicAsync("Nordlicht");
        await using var visit = await s_browser.VisitAsync(_host.Address);

        foreach (var path in Paths(job))
        {
            Assert.AreEqual(200, await visit.OpenAsync(path), path);
            Assert.EndsWith(" · Harmony", await visit.Page.TitleAsync(), StringComparison.Ordinal, path);
            await visit.LiveAsync();
        }

        Assert.IsEmpty(visit.Complaints, string.Join('\n', visit.Complaints));
    }

    [TestMethod]
    public async Task An_unknown_page_answers_404()
    {
        await using var visit = await s_browser.VisitAsync(_host.Address);

        Assert.AreEqual(404, await visit.OpenAsync("/ui/jobs/999999999"));
        Assert.AreEqual(404, await visit.OpenAsync("/ui/nowhere"));
        Assert.Contains("Not found", await visit.TextAsync("h1"), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_requeued_dead_letter_succeeds_without_a_reload()
    {
        var job = await DeadLetterAsync("broken");
        _valve.Fail = null;
        await using var visit = await s_browser.VisitAsync(_host.Address);
        await visit.OpenAsync($"/ui/jobs/{job}");
        Assert.Contains("Dead letter", await visit.TextAsync("#head"), StringComparison.Ordinal);
        Assert.Contains($"at {typeof(ValveJob).FullName}.", await visit.TextAsync("#outcome details"), StringComparison.Ordinal);

        await visit.Page.ClickAsync("text=Requeue");
        Assert.Contains("requeued", await visit.TextAsync(".notice"), StringComparison.Ordinal);
        await visit.Page.EvaluateAsync("window.sameVisit = true");
        _valve.Open();
        await visit.Page.WaitForSelectorAsync("#head .tone-done");

        Assert.IsTrue(await visit.Page.EvaluateAsync<bool>("window.sameVisit === true"));
        Assert.AreEqual(0, await visit.Page.Locator("#acts button").CountAsync());
        Assert.AreEqual("local", await ScalarAsync<string>("select actor from harmony.operator_action where action = 'requeue' order by action_id desc limit 1"));
        Assert.Contains("Requeued by local", await visit.TextAsync("#history"), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Selected_dead_letters_are_requeued_without_scripts()
    {
        var jobs = new[] { await DeadLetterAsync("one"), await DeadLetterAsync("two"), await DeadLetterAsync("three") };
        _valve.Fail = null;
        _valve.Open();
        await using var visit = await s_browser.VisitAsync(_host.Address, new() { JavaScriptEnabled = false });
        await visit.OpenAsync("/ui/dead-letters");

        await visit.Page.CheckAsync($"input[value='{jobs[0]}']");
        await visit.Page.CheckAsync($"input[value='{jobs[1]}']");
        await visit.Page.ClickAsync("text=Requeue selected");

        Assert.Contains("2 jobs requeued", await visit.TextAsync(".notice"), StringComparison.Ordinal);
        await Until.SeenAsync(() => ScalarAsync<long>("select count(*) from harmony.job where state = 'Succeeded'"), n => n == 2);
        Assert.AreEqual(jobs[2], await ScalarAsync<long>("select job_id from harmony.job where state = 'Failed'"));
    }

    [TestMethod]
    public async Task All_matches_are_requeued_or_purged_after_a_confirmation()
    {
        await DeadLetterAsync("one");
        await DeadLetterAsync("two");
        _valve.Fail = null;
        _valve.Open();
        await using var visit = await s_browser.VisitAsync(_host.Address, new() { JavaScriptEnabled = false });

        await visit.OpenAsync("/ui/dead-letters?reason=nothing");
        await visit.Page.ClickAsync("text=Requeue all matching");
        Assert.Contains("Requeue 0 dead letters?", await visit.TextAsync("main"), StringComparison.Ordinal);
        Assert.AreEqual(0, await visit.Page.Locator("text=Requeue them").CountAsync());

        await visit.OpenAsync("/ui/dead-letters?kind=valve");
        await visit.Page.ClickAsync("text=Requeue all matching");
        Assert.Contains("Requeue 2 dead letters?", await visit.TextAsync("main"), StringComparison.Ordinal);
        await visit.Page.ClickAsync("text=Requeue them");
        Assert.Contains("2 jobs requeued", await visit.TextAsync(".notice"), StringComparison.Ordinal);
        await Until.SeenAsync(() => ScalarAsync<long>("select count(*) from harmony.job where state = 'Succeeded'"), n => n == 2);

        await DeadLetterAsync("three");
        await visit.OpenAsync("/ui/dead-letters");
        await visit.Page.ClickAsync("text=Purge all matching");
        Assert.Contains("Purge 1 dead letter?", await visit.TextAsync("main"), StringComparison.Ordinal);
        // Nobody agreed to this one.
        var later = await DeadLetterAsync("four");
        await visit.Page.ClickAsync("text=Purge them");
        Assert.Contains("1 job purged", await visit.TextAsync(".notice"), StringComparison.Ordinal);
        Assert.AreEqual(later, await ScalarAsync<long>("select job_id from harmony.job where state = 'Failed'"));
    }

    [TestMethod]
    public async Task Live_updates_move_the_progress_and_keep_focus()
    {
        _valve.Fail = null;
        var job = await EnqueueAsync();
        await Until.SeenAsync(() => ScalarAsync<string>("select state from harmony.job"), s => s == "Processing");
        await using var visit = await s_browser.VisitAsync(_host.Address);
        await visit.OpenAsync($"/ui/jobs/{job}");
        await visit.Page.FocusAsync("#acts button");

        await _valve.ReportAsync(3, 10, "track 3");
        await visit.Page.WaitForSelectorAsync("#head progress[value='3'][max='10']");
        await _valve.ReportAsync(7, 10, "track 7");
        await visit.Page.WaitForSelectorAsync("#head progress[value='7']");

        Assert.Contains("track 7", await visit.TextAsync("#head"), StringComparison.Ordinal);
        Assert.AreEqual("Cancel", await visit.Page.EvaluateAsync<string>("document.activeElement.textContent"));
    }

    [TestMethod]
    public async Task Hostile_text_is_shown_as_text()
    {
        var hostile = "\u001b[31m<img src=x onerror=alert(1)>\u001b[0m\r\n<!--/part--><script>alert(2)</script>\u202egnp.exe\0 client_secret=hunter2hunter2 ${jndi:ldap://x} "
            + new string('W', 1_000_000);
        var job = await DeadLetterAsync(hostile, hostile[..2000]);
        await AddMusicAsync("<img src=x onerror=alert(3)>\u202e'\"&" + new string('W', 300));
        await using var visit = await s_browser.VisitAsync(_host.Address, new() { ViewportSize = new() { Width = 375, Height = 800 } });

        foreach (var path in Paths(job))
        {
            await visit.OpenAsync(path);
            await visit.LiveAsync();
            Assert.AreEqual(0, await visit.Page.Locator("img[src=x], main script").CountAsync(), path);
            Assert.DoesNotContain("hunter2", await visit.Page.ContentAsync(), StringComparison.Ordinal, path);
            Assert.IsLessThanOrEqualTo(0, await visit.SidewaysAsync(), path);
        }

        await visit.OpenAsync($"/ui/jobs/{job}");
        var history = await visit.TextAsync("#history");
        Assert.Contains("<img src=x onerror=alert(1)>", history, StringComparison.Ordinal);
        Assert.Contains("‹U+202E›gnp.exe", history, StringComparison.Ordinal);
        Assert.IsLessThan(20_000, history.Length);
        Assert.DoesNotContain("\u001b", history, StringComparison.Ordinal);
        var arguments = await visit.TextAsync(".args");
        Assert.Contains("<img src=x onerror=alert(1)>", arguments, StringComparison.Ordinal);
        Assert.Contains("‹U+202E›gnp.exe", arguments, StringComparison.Ordinal);
        await visit.ShowAsync("hostile-texts");
        Assert.IsEmpty(visit.Complaints, string.Join('\n', visit.Complaints));
    }

    [TestMethod]
    [DataRow(375, ColorScheme.Light)]
    [DataRow(1280, ColorScheme.Dark)]
    public async Task No_page_scrolls_horizontally(int width, ColorScheme scheme)
    {
        var job = await DeadLetterAsync("broken");
        await AddMusicAsync("Nordlicht");
        await using var visit = await s_browser.VisitAsync(_host.Address, new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme });

        foreach (var path in Paths(job))
        {
            await visit.OpenAsync(path);
            Assert.IsLessThanOrEqualTo(0, await visit.SidewaysAsync(), path);
        }
    }

    [TestMethod]
    public async Task An_action_without_a_token_changes_nothing()
    {
        var job = await DeadLetterAsync("broken");
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: true) { BaseAddress = new Uri(_host.Address) };

        using var forged = await client.PostAsync($"/ui/jobs/{job}/requeue", new FormUrlEncodedContent([new("back", "/ui")]), Ct);
        using var asked = await client.GetAsync($"/ui/jobs/{job}/requeue", Ct);

        Assert.IsTrue((int)forged.StatusCode is >= 400 and < 500, forged.StatusCode.ToString());
        Assert.IsTrue((int)asked.StatusCode is >= 400 and < 500, asked.StatusCode.ToString());
        Assert.AreEqual("Failed", await ScalarAsync<string>("select state from harmony.job"));
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from harmony.operator_action"));
    }

    [TestMethod]
    public async Task A_viewer_sees_no_buttons_and_no_arguments()
    {
        var job = await DeadLetterAsync("broken");
        await using var guarded = await PagesHost.StartAsync(_db, ("HARMONY_API_KEYS", "eva:viewer:viewer-key-viewer-key-viewer-key"));
        await using var visit = await s_browser.VisitAsync(guarded.Address, new() { ExtraHTTPHeaders = [new("X-API-Key", "viewer-key-viewer-key-viewer-key")] });

        foreach (var path in Paths(job).Where(p => !p.Contains("/artists/", StringComparison.Ordinal)))
        {
            Assert.AreEqual(200, await visit.OpenAsync(path), path);
            Assert.AreEqual(0, await visit.Page.Locator("button[formaction], form[method=post]").CountAsync(), path);
        }

        await visit.OpenAsync($"/ui/jobs/{job}");
        Assert.Contains("Shown to operators only", await visit.TextAsync("main"), StringComparison.Ordinal);
        Assert.AreEqual(0, await visit.Page.Locator("#outcome details").CountAsync());
        Assert.Contains("viewer", await visit.TextAsync(".reader"), StringComparison.Ordinal);
        var forged = await visit.Page.APIRequest.PostAsync($"/ui/jobs/{job}/requeue");
        Assert.AreEqual((int)HttpStatusCode.Forbidden, forged.Status);
        Assert.AreEqual("Failed", await ScalarAsync<string>("select state from harmony.job"));
    }

    [TestMethod]
    public async Task Pages_need_a_key_where_keys_are_configured()
    {
        await using var guarded = await PagesHost.StartAsync(_db, ("HARMONY_API_KEYS", "eva:viewer:viewer-key-viewer-key-viewer-key"));
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = new Uri(guarded.Address) };

        foreach (var path in new[] { "/ui", "/ui/live?page=/ui", "/ui/jobs", "/ui/covers/1" })
        {
            using var answer = await client.GetAsync(path, Ct);
            Assert.AreEqual(HttpStatusCode.Unauthorized, answer.StatusCode, path);
        }
    }

    [TestMethod]
    public async Task The_number_of_live_watchers_is_limited()
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 100 }, disposeHandler: true) { BaseAddress = new Uri(_host.Address) };
        var seats = new List<HttpResponseMessage>();
        for (var i = 0; i < LiveUpdates.MostWatchers; i++)
            seats.Add(await WatchAsync(client));
        Assert.IsTrue(seats.TrueForAll(s => s.StatusCode == HttpStatusCode.OK));

        using (var refused = await WatchAsync(client))
        {
            Assert.AreEqual(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.AreEqual(TimeSpan.FromSeconds(15), refused.Headers.RetryAfter!.Delta);
            Assert.Contains("watched live", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        seats.ForEach(s => s.Dispose());
        await Until.SeenAsync(
            async () =>
            {
                using var again = await WatchAsync(client);
                return again.StatusCode;
            },
            status => status == HttpStatusCode.OK);
    }

    [TestMethod]
    public async Task Assets_are_revalidated_by_ETag()
    {
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = new Uri(_host.Address) };
        using var first = await client.GetAsync("/ui/assets/harmony.css", Ct);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/ui/assets/harmony.css");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await client.SendAsync(again, Ct);
        using var other = await client.GetAsync("/ui/assets/..%2fappsettings.json", Ct);

        Assert.AreEqual(HttpStatusCode.OK, first.StatusCode);
        Assert.AreEqual(HttpStatusCode.NotModified, second.StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, other.StatusCode);
    }

    private static string[] Paths(long job) =>
    [
        "/ui", "/ui/artists", "/ui/artists/spotify:abc", "/ui/artists/spotify:abc?release=1", "/ui/watchlist", "/ui/watchlist?look=1", "/ui/downloads", "/ui/downloads?show=active",
        "/ui/jobs", "/ui/jobs?state=Failed", $"/ui/jobs/{job}", "/ui/dead-letters", "/ui/dead-letters?reason=failed", "/ui/dead-letters/confirm?act=purge", "/ui/schedules", "/ui/lanes", "/ui/audit",
    ];

    private async Task<HttpResponseMessage> WatchAsync(HttpClient client) =>
        await client.GetAsync("/ui/live?page=%2Fui%2Fschedules", HttpCompletionOption.ResponseHeadersRead, Ct);

    private async Task<long> EnqueueAsync(string? note = null) =>
        (await _fleet.Services.GetRequiredService<JobQueue>().EnqueueAsync(new ValveArgs("hunter2", note?.Replace("\0", "", StringComparison.Ordinal)), null, Ct)).JobId;

    private async Task<long> DeadLetterAsync(string error, string? note = null)
    {
        _valve.Fail = error;
        var job = await EnqueueAsync(note);
        await Until.SeenAsync(() => _db.Database.QueryFirstAsync<string>("select state from harmony.job where job_id = @job", new { job }, Ct), s => s == "Failed");
        return job;
    }

    private async Task<T?> ScalarAsync<T>(string sql) => await _db.Database.QueryFirstAsync<T>(sql, null, Ct);

    private Task AddMusicAsync(string name) => SomeMusic.AddAsync(_db, name, Ct);
}
