using Harmony.Orchestrator;
using Harmony.Orchestrator.Schedules;
using Harmony.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Pages;

[TestClass]
public sealed class SchedulesPageTests
{
    private static readonly Lane[] Lanes = [new("operator", 2)];
    private static Browser s_browser = null!;

    private readonly Valve _valve = new();
    private TestDatabase _db = null!;
    private PagesHost _host = null!;
    private TestFleet _fleet = null!;

    [ClassInitialize]
    public static async Task OpenBrowserAsync(TestContext _) => s_browser = await Browser.StartAsync();

    [ClassCleanup]
    public static async Task CloseBrowserAsync() => await s_browser.DisposeAsync();

    [TestInitialize]
    public async Task StartAsync()
    {
        Assert.IsTrue(Cron.TryParse("30 4 * * 1-5", out var cron, out _));
        _valve.Open();
        _db = await TestDatabase.CreateAsync();
        _host = await PagesHost.StartAsync(_db);
        _fleet = await TestFleet.StartAsync(
            _db,
            Lanes,
            [typeof(ValveJob)],
            o => o.Schedules = [new Schedule { Name = "mornings", Kind = "valve", ArgsJson = """{"name":"clock"}""", Cron = cron, Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") }],
            s => s.AddSingleton(_valve));
        await Until.SeenAsync(() => ScalarAsync<bool>("select exists (select from harmony.schedule where schedule = 'mornings')"), known => known);
    }

    [TestCleanup]
    public async Task StopAsync()
    {
        await _fleet.DisposeAsync();
        await _host.DisposeAsync();
        await _db.DisposeAsync();
    }

    [TestMethod]
    public async Task A_triggered_schedule_runs_without_a_reload()
    {
        await using var visit = await s_browser.VisitAsync(_host.Address);
        await visit.OpenAsync("/ui/schedules");
        Assert.Contains("at 04:30 on Monday to Friday", await visit.TextAsync("[data-row=mornings]"), StringComparison.Ordinal);
        Assert.Contains("Europe/Berlin", await visit.TextAsync("[data-row=mornings]"), StringComparison.Ordinal);

        await visit.Page.ClickAsync("text=Trigger now");
        Assert.Contains("mornings was triggered: job", await visit.TextAsync(".notice"), StringComparison.Ordinal);
        await visit.Page.WaitForSelectorAsync("[data-row=mornings] .tone-done");

        await visit.Page.ClickAsync("summary");
        Assert.Contains("triggered by hand", await visit.TextAsync("details"), StringComparison.Ordinal);
        Assert.AreEqual("local", await ScalarAsync<string>("select actor from harmony.operator_action where action = 'trigger'"));
        Assert.IsEmpty(visit.Complaints, string.Join('\n', visit.Complaints));
    }

    [TestMethod]
    public async Task A_schedule_is_paused_and_resumed_by_a_form()
    {
        await using var visit = await s_browser.VisitAsync(_host.Address, new() { JavaScriptEnabled = false });
        await visit.OpenAsync("/ui/schedules");

        await visit.Page.ClickAsync("[data-row=mornings] >> text=Pause");
        Assert.Contains("Paused", await visit.TextAsync("[data-row=mornings]"), StringComparison.Ordinal);
        Assert.AreEqual("local", await ScalarAsync<string>("select paused_by from harmony.pause where scope = 'schedule' and name = 'mornings'"));

        await visit.Page.ClickAsync("[data-row=mornings] >> text=Resume");
        Assert.AreEqual(0L, await ScalarAsync<long>("select count(*) from harmony.pause"));
    }

    private Task<T?> ScalarAsync<T>(string sql) => _db.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None);
}
