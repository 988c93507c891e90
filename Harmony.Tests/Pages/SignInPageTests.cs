using Harmony.Tests.Http;
using Harmony.Tests.Postgres;
using Microsoft.Playwright;

namespace Harmony.Tests.Pages;

/// <summary>The sign-in page as people meet it: by mouse, by keyboard, on a phone, with and without scripts.</summary>
[TestClass]
public sealed class SignInPageTests
{
    private static Browser s_browser = null!;
    private static TestDatabase s_database = null!;
    private static PagesHost s_host = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _)
    {
        s_browser = await Browser.StartAsync();
        s_database = await TestDatabase.CreateAsync();
        s_host = await PagesHost.StartAsync(s_database, ("HARMONY_UI_USERS", People.Users), ("HARMONY_API_KEYS", ApiHost.Keys));
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await s_host.DisposeAsync();
        await s_database.DisposeAsync();
        await s_browser.DisposeAsync();
    }

    [TestMethod]
    [DataRow("vera", "viewer", true)]
    [DataRow("otto", "operator", false)]
    [DataRow("ada", "admin", true)]
    public async Task A_user_signs_in_and_out_by_form(string name, string role, bool scripts)
    {
        await using var visit = await s_browser.VisitAsync(s_host.Address, new() { JavaScriptEnabled = scripts });

        await visit.OpenAsync("/ui/schedules");
        Assert.EndsWith("/ui/sign-in?return=%2Fui%2Fschedules", visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.GetByLabel("Name").FillAsync(name);
        await visit.Page.GetByLabel("Password or API key").FillAsync(People.Password);
        await visit.Page.ClickAsync("text=Sign in >> visible=true >> nth=-1");
        await visit.ReachAsync("/ui/schedules");
        Assert.Contains($"{name} · {role}", await visit.TextAsync(".reader"), StringComparison.Ordinal);
        Assert.AreEqual(role == "viewer" ? 0 : 1, await visit.Page.Locator("form#act").CountAsync());

        await visit.Page.ClickAsync("text=Sign out");
        Assert.Contains("You are signed out.", await visit.TextAsync("[role=status]"), StringComparison.Ordinal);
        await visit.OpenAsync("/ui/schedules");
        Assert.Contains("/ui/sign-in", visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.GoBackAsync();
        Assert.AreEqual(0, await visit.Page.Locator("text=Sign out").CountAsync(), "nothing is kept to go back to");
        Assert.IsEmpty(visit.Complaints, string.Join('\n', visit.Complaints));
    }

    [TestMethod]
    public async Task A_wrong_password_keeps_the_typed_name()
    {
        await using var visit = await s_browser.VisitAsync(s_host.Address);
        await visit.OpenAsync("/ui");

        Assert.AreEqual("name", await visit.Page.EvaluateAsync<string>("document.activeElement.name"));
        await visit.Page.Keyboard.TypeAsync("otto");
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.TypeAsync("wrong");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForSelectorAsync("[role=alert]");
        Assert.AreEqual("That name and password, or that API key, is not right.", await visit.TextAsync("[role=alert]"));
        Assert.AreEqual("otto", await visit.Page.InputValueAsync("[name=name]"));
        Assert.AreEqual("", await visit.Page.InputValueAsync("[name=secret]"));

        Assert.AreEqual("secret", await visit.Page.EvaluateAsync<string>("document.activeElement.name"));
        await visit.Page.Keyboard.TypeAsync(People.Password);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.ReachAsync("/ui");
        Assert.Contains("otto · operator", await visit.TextAsync(".reader"), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task An_open_page_reports_an_expired_session()
    {
        await using var visit = await s_browser.VisitAsync(s_host.Address);
        await visit.OpenAsync("/ui/lanes?x=1");
        await visit.Page.GetByLabel("Name").FillAsync("vera");
        await visit.Page.GetByLabel("Password or API key").FillAsync(People.Password);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.ReachAsync("/ui/lanes?x=1");
        await visit.LiveAsync();

        var other = await visit.Page.Context.NewPageAsync();
        await other.GotoAsync("/ui/jobs");
        await other.ClickAsync("text=Sign out");

        await visit.Page.WaitForSelectorAsync("[data-pulse] a");
        Assert.AreEqual("/ui/sign-in?return=%2Fui%2Flanes%3Fx%3D1", await visit.Page.GetAttributeAsync("[data-pulse] a", "href"));
    }

    [TestMethod]
    [DataRow(375, ColorScheme.Light)]
    [DataRow(375, ColorScheme.Dark)]
    [DataRow(1280, ColorScheme.Light)]
    [DataRow(1280, ColorScheme.Dark)]
    public async Task The_page_fits_phone_and_desktop(int width, ColorScheme scheme)
    {
        await using var visit = await s_browser.VisitAsync(s_host.Address, new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme });
        await visit.OpenAsync("/ui/lanes");
        Assert.IsLessThanOrEqualTo(0, await visit.SidewaysAsync());
        await visit.ShowAsync($"sign-in-{width}-{scheme}");
        await visit.Page.GetByLabel("Password or API key").FillAsync("wrong-wrong-wrong-wrong");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForSelectorAsync("[role=alert]");
        await visit.ShowAsync($"wrong-{width}-{scheme}");

        await visit.Page.GetByLabel("Password or API key").FillAsync(ApiHost.OperatorKey);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.ReachAsync("/ui/lanes");
        Assert.IsLessThanOrEqualTo(0, await visit.SidewaysAsync());
        Assert.IsTrue(await visit.Page.Locator("text=Sign out").IsVisibleAsync());
        await visit.ShowAsync($"lanes-{width}-{scheme}");
        var (brand, reader) = (await visit.Page.Locator(".brand").BoundingBoxAsync(), await visit.Page.Locator(".reader").BoundingBoxAsync());
        Assert.IsTrue(width > 820 || brand!.X + brand.Width <= reader!.X, "the reader's corner stays off the name of the house");
    }
}
