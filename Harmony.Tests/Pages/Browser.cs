using Harmony.Tests.Postgres;
using Microsoft.Playwright;

namespace Harmony.Tests.Pages;

/// <summary>Debian's Chromium, as an operator's browser: whatever it complains about is kept.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Switches =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright _driver;
    private readonly IBrowser _chromium;

    private Browser(IPlaywright driver, IBrowser chromium)
    {
        _driver = driver;
        _chromium = chromium;
    }

    public static async Task<Browser> StartAsync()
    {
        var driver = await Playwright.CreateAsync();
        var path = Environment.GetEnvironmentVariable("HARMONY_CHROMIUM") ?? "/usr/bin/chromium";
        if (!File.Exists(path))
            Assert.Fail($"{path} is not there: scripts/setup --test installs Debian's chromium.");
        return new Browser(driver, await driver.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Switches }));
    }

    public async Task<Visit> VisitAsync(string address, BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.BaseURL = address;
        var context = await _chromium.NewContextAsync(options);
        context.SetDefaultTimeout(20_000);
        return new Visit(context, await context.NewPageAsync(), address);
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        _driver.Dispose();
    }
}

/// <summary>One operator at one window.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Visit(IBrowserContext context, IPage page, string address)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Complaints.Add($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Dialog += (_, dialog) => Complaints.Add($"a dialog opened: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                Complaints.Add($"asked another host: {request.Url}");
        };
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public async Task<int> OpenAsync(string path) =>
        (await Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load }))!.Status;

    /// <summary>
    /// Until the page is at this address and loaded. Waiting for the navigation itself would miss one that is over already, and so does
    /// Playwright's wait for a load state, now and then.
    /// </summary>
    public async Task ReachAsync(string path)
    {
        await Until.SeenAsync(() => Task.FromResult(new Uri(Page.Url).PathAndQuery), seen => seen == path);
        await Until.SeenAsync(ReadyStateAsync, seen => seen == "complete");
    }

    public async Task<string> TextAsync(string selector) => await Page.TextContentAsync(selector) ?? "";

    /// <summary>Until the page is live, if anything on it is.</summary>
    public async Task LiveAsync()
    {
        if (await Page.Locator("[data-live]").CountAsync() > 0)
            await Page.WaitForSelectorAsync("[data-pulse=live]");
    }

    /// <summary>How far the page can be pushed sideways.</summary>
    public Task<int> SidewaysAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");

    /// <summary>For eyes: HARMONY_SHOTS names a folder.</summary>
    public async Task ShowAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("HARMONY_SHOTS") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private async Task<string> ReadyStateAsync()
    {
        try
        {
            return await Page.EvaluateAsync<string>("document.readyState");
        }
        catch (PlaywrightException error)
        {
            // The document was replaced during the question.
            return error.Message;
        }
    }
}
