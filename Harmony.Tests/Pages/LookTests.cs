using Harmony.Tests.Postgres;
using Microsoft.Playwright;

namespace Harmony.Tests.Pages;

/// <summary>What eyes and keyboards need, measured in the browser: contrast, the way of the focus, and that nothing jumps.</summary>
[TestClass]
public sealed class LookTests
{
    // Colours are whatever CSS can say; a canvas turns each into what the screen shows.
    private const string Contrasts =
        """
        () => {
          const canvas = document.createElement("canvas");
          canvas.width = canvas.height = 1;
          const brush = canvas.getContext("2d", { willReadFrequently: true });
          const paint = (colors) => {
            brush.fillStyle = "#fff";
            brush.fillRect(0, 0, 1, 1);
            for (const color of colors) { brush.fillStyle = color; brush.fillRect(0, 0, 1, 1); }
            return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
          };
          const light = (rgb) => rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const weak = [];
          let seen = 0;
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const text = walker.currentNode.nodeValue.trim();
            const owner = walker.currentNode.parentElement;
            if (!text || owner.closest("script, noscript, style, .away, .skip, title") || !owner.checkVisibility()) continue;
            const style = getComputedStyle(owner);
            const behind = [];
            for (let e = owner; e; e = e.parentElement) behind.unshift(getComputedStyle(e).backgroundColor);
            const plate = owner.closest("svg")?.querySelector("rect");
            if (plate) behind.push(getComputedStyle(plate).fill);
            const ink = owner.closest("svg") ? style.fill : style.color;
            const [a, b] = [light(paint(behind)), light(paint([...behind, ink]))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            const size = parseFloat(style.fontSize);
            const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            seen++;
            if (ratio < (large ? 3 : 4.5)) weak.push(`${ratio.toFixed(2)} ${owner.tagName.toLowerCase()}.${owner.getAttribute("class") ?? ""} "${text.slice(0, 40)}"`);
          }
          return [String(seen), ...new Set(weak)];
        }
        """;

    // What can be reached, in the order of the document; null when the focus has left the page.
    private const string Reachable =
        """
        () => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
          .filter((e) => e.checkVisibility() && !e.disabled && e.tabIndex >= 0)
          .map((e, i) => { e.dataset.stop = i; return `${i} ${e.tagName.toLowerCase()} ${(e.textContent.trim() || e.getAttribute("aria-label") || e.name || "").slice(0, 30)}`; })
        """;

    private const string Focused =
        """
        () => {
          const e = document.activeElement;
          if (!e || e === document.body || e.dataset.stop === undefined) return null;
          const style = getComputedStyle(e);
          const box = e.getBoundingClientRect();
          const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
          const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
          // A date has parts of its own, each with its own ring.
          if (e.type === "date") return `${e.dataset.stop} part`;
          return `${e.dataset.stop}${ringed ? "" : " without a ring"}${inView ? "" : " out of view"}`;
        }
        """;

    // A row that comes pushes those below it; everything else stays where it is.
    private const string Jumps =
        """
        window.jumps = [];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const moved = entry.sources.map((s) => (s.node?.nodeType === 1 ? s.node : s.node?.parentElement)).filter((e) => e && !e.closest("[data-row]"));
            if (moved.length) window.jumps.push(`${entry.value.toFixed(4)} ${moved.map((e) => e.outerHTML.slice(0, 80)).join(" | ")}`);
          }
        }).observe({ type: "layout-shift", buffered: true });
        """;

    private static Browser s_browser = null!;
    private static PagesPlace s_place = null!;
    private static long s_dead;

    public required TestContext TestContext { get; set; }

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        s_browser = await Browser.StartAsync();
        s_place = await PagesPlace.StartAsync();
        await SomeMusic.AddAsync(s_place.Db, "Nordlicht", context.CancellationToken);
        s_dead = await s_place.DeadLetterAsync("broken");
        s_place.Valve.Fail = null;
        s_place.Valve.Open();
        await s_place.StateAsync(await s_place.EnqueueAsync(), "Succeeded");
        await s_place.EnqueueAsync(at: TimeProvider.System.GetUtcNow().AddHours(1));
        await s_place.Db.Database.ExecuteAsync(
            """
            select
                harmony.pause('lane', 'operator'),
                harmony.gate_block('slskd', interval '1 hour', 'asked to wait')
            """,
            null,
            context.CancellationToken);
        await s_place.EnqueueAsync();
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await s_place.DisposeAsync();
        await s_browser.DisposeAsync();
    }

    [TestMethod]
    [DataRow(ColorScheme.Light, 1280)]
    [DataRow(ColorScheme.Dark, 1280)]
    public async Task Every_text_has_enough_contrast(ColorScheme scheme, int width)
    {
        await using var visit = await s_browser.VisitAsync(s_place.Host.Address, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        List<string> weak = [];
        foreach (var path in Paths())
        {
            await visit.OpenAsync(path);
            await visit.LiveAsync();
            var found = await visit.Page.EvaluateAsync<string[]>(Contrasts);
            Assert.IsGreaterThan(20, int.Parse(found[0], System.Globalization.CultureInfo.InvariantCulture), path);
            await visit.ShowAsync($"{path.Trim('/').Replace('/', '-').Split('?')[0]}-{width}-{scheme}");
            weak.AddRange(found.Skip(1).Select(f => $"{path}: {f}"));
        }

        Assert.IsEmpty(weak, string.Join('\n', weak));
    }

    [TestMethod]
    [DataRow(1280)]
    [DataRow(375)]
    public async Task Every_control_is_reachable_by_keyboard_in_order(int width)
    {
        await using var visit = await s_browser.VisitAsync(s_place.Host.Address, new() { ViewportSize = new() { Width = width, Height = 800 } });
        List<string> wrong = [];
        foreach (var path in Paths())
        {
            await visit.OpenAsync(path);
            // A merge would renew what was numbered.
            await visit.Page.EvaluateAsync("dispatchEvent(new Event('pagehide'))");
            var stops = await visit.Page.EvaluateAsync<string[]>(Reachable);
            Assert.Contains("Skip", stops[0], StringComparison.Ordinal, path);
            var before = "";
            foreach (var (index, stop) in stops.Index())
            {
                string? focused = before;
                // A date has parts of its own to go through.
                for (var press = 0; press < 6 && (press == 0 || focused == before && focused.EndsWith(" part", StringComparison.Ordinal)); press++)
                {
                    await visit.Page.Keyboard.PressAsync("Tab");
                    focused = await visit.Page.EvaluateAsync<string?>(Focused);
                }

                before = focused ?? "";
                if (focused?.Replace(" part", "", StringComparison.Ordinal) != index.ToString(System.Globalization.CultureInfo.InvariantCulture))
                {
                    wrong.Add($"{path}: {stop} wanted, focus on {focused ?? "nothing"}");
                    break;
                }
            }
        }

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public async Task Live_updates_cause_no_layout_shift()
    {
        await using var place = await PagesPlace.StartAsync();
        place.Valve.Fail = null;
        var running = await place.EnqueueAsync();
        await place.StateAsync(running, "Processing");
        var paths = new[] { "/ui", "/ui/lanes", "/ui/jobs?state=Processing", $"/ui/jobs/{running}", "/ui/schedules" };
        List<Visit> visits = [];
        try
        {
            foreach (var path in paths)
            {
                var visit = await s_browser.VisitAsync(place.Host.Address);
                visits.Add(visit);
                await visit.Page.AddInitScriptAsync(Jumps);
                await visit.OpenAsync(path);
                await visit.LiveAsync();
                // What moved while the page was read does not count.
                await visit.Page.EvaluateAsync("window.jumps.length = 0");
            }

            for (var i = 1; i <= 5; i++)
            {
                await place.Valve.ReportAsync(i * 199, 1000, $"track {i * 199} of a rather long album");
                await place.EnqueueAsync();
                await Task.Delay(700, TestContext.CancellationToken);
            }

            place.Valve.Open();
            await place.StateAsync(running, "Succeeded");
            await visits[3].Page.WaitForSelectorAsync("#head .tone-done");
            await Task.Delay(1500, TestContext.CancellationToken);
            List<string> jumps = [];
            foreach (var (visit, path) in visits.Zip(paths))
                jumps.AddRange((await visit.Page.EvaluateAsync<string[]>("window.jumps")).Select(j => $"{path}: {j}"));
            Assert.IsEmpty(jumps, string.Join('\n', jumps));

            // It would have been seen.
            foreach (var visit in visits)
            {
                await visit.Page.EvaluateAsync("document.querySelector('main').prepend(Object.assign(document.createElement('div'), { style: 'flex: none; height: 200px' }))");
                await Until.SeenAsync(() => visit.Page.EvaluateAsync<int>("window.jumps.length"), n => n > 0);
            }
        }
        finally
        {
            foreach (var visit in visits)
                await visit.DisposeAsync();
        }
    }

    private static string[] Paths() =>
    [
        "/ui", "/ui/artists", "/ui/artists/spotify:abc?release=1", "/ui/watchlist?look=1", "/ui/downloads", "/ui/jobs", "/ui/jobs?state=Scheduled", $"/ui/jobs/{s_dead}",
        "/ui/dead-letters", "/ui/dead-letters/confirm?act=purge", "/ui/schedules", "/ui/lanes", "/ui/audit", "/ui/nowhere",
    ];
}
