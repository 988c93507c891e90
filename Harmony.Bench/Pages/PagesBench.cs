using System.Diagnostics;
using Harmony.Bench.Figures;

namespace Harmony.Bench.Pages;

/// <summary>How long each page of an operator takes, over HTTP, with a library that has been at work for a month.</summary>
internal sealed class PagesBench(Action<string> say)
{
    public static readonly string[] Kinds = ["noop", "download", "artist_sync", "download"];

    /// <summary>Every page that lists, and its filters; {dead} stands for a dead letter.</summary>
    public static readonly IReadOnlyList<string> Addresses =
    [
        "/ui",
        "/ui/jobs",
        "/ui/jobs?state=Enqueued",
        "/ui/jobs?state=Succeeded&kind=noop",
        "/ui/jobs?state=Enqueued&lane=download",
        "/ui/jobs?state=Failed&kind=artist_sync",
        "/ui/jobs?kind=no_such_kind",
        "/ui/jobs?state=Awaiting",
        "/ui/jobs?state=Scheduled&kind=download",
        "/ui/jobs?key=download%3A99",
        "/ui/jobs?key=no_such_key",
        "/ui/jobs?text=no_such_text",
        "/ui/jobs?state=Failed&text=number%20777",
        "/ui/jobs/confirm?act=cancel&state=Enqueued",
        "/ui/jobs/{dead}",
        "/ui/dead-letters",
        "/ui/dead-letters?kind=artist_sync&reason=timeout",
        "/ui/dead-letters?reason=no_such_reason",
        "/ui/dead-letters?age=week",
        "/ui/dead-letters?text=no_such_text",
        "/ui/dead-letters/confirm?act=requeue&kind=artist_sync",
        "/ui/dead-letters?reason=unknown",
        "/ui/dead-letters/export?kind=noop&reason=timeout",
        "/ui/schedules",
        "/ui/lanes",
        "/ui/audit",
        "/ui/audit?actor=key%3Aeva&action=cancel",
        "/ui/audit?target=77",
        "/ui/audit?from=2020-01-01&to=2020-01-02",
        "/ui/audit/export?target=77",
        "/ui/artists",
        "/ui/watchlist",
        "/ui/downloads",
    ];

    public async Task<IReadOnlyList<BenchFigure>> MeasureAsync(Uri address, long dead, int times, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        List<BenchFigure> figures = [];
        foreach (var page in Addresses)
        {
            var path = page.Replace("{dead}", dead.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
            List<double> took = [];
            for (var i = 0; i <= times; i++)
            {
                var clock = Stopwatch.GetTimestamp();
                using var answer = await client.GetAsync(path, cancellationToken);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                // The first visit also waits for code and caches.
                if (i > 0)
                    took.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            }

            took.Sort();
            var figure = new BenchFigure($"{page}, p95 of {times}", "ms", took[(int)(took.Count * 0.95)], null, null, null);
            say($"{figure} (p50 {took[took.Count / 2]:0})");
            figures.Add(figure);
        }

        return figures;
    }
}
