using System.Diagnostics;
using System.Globalization;
using Harmony.Bench.Figures;
using Harmony.Data;
using Harmony.Data.Watchlist;

namespace Harmony.Bench.Watchlist;

/// <summary>What it costs to take twenty artists from short lists and from long ones, and whether three at once take one twice.</summary>
internal sealed class WatchlistBench(Database database, WatchlistRepository watchlist, Action<string> say)
{
    private const int Few = 100;
    private const int Taken = 20;
    private const int Claims = 9;
    private const int Rounds = 100;
    private const int AtOnce = 3;
    private const string Ready = "ready";

    /// <summary>Makes a process of the bench one of the three that claim.</summary>
    public const string TakerOption = "--take";

    private static readonly TimeSpan Age = TimeSpan.FromDays(1);

    public async Task<IReadOnlyList<BenchFigure>> RunAsync(int entries, int pairs, CancellationToken cancellationToken)
    {
        List<BenchFigure> figures = [];
        foreach (var firstDay in new[] { true, false })
        {
            List<Cost> few = [];
            List<Cost> many = [];
            for (var pair = 0; pair < pairs; pair++)
            {
                few.Add(await CostAsync(new WatchlistSeed(Few, firstDay), cancellationToken));
                many.Add(await CostAsync(new WatchlistSeed(entries, firstDay), cancellationToken));
                say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{State(firstDay)}, pair {pair + 1}: {many[^1].Microseconds:0} µs and {many[^1].Buffers:0} pages with {entries}, {few[^1].Microseconds:0} µs and {few[^1].Buffers:0} pages with {Few}"));
            }

            var what = $"claim of {Taken} of {entries} entries, {State(firstDay)}";
            figures.AddRange(BenchFigure.Pairs(what, "µs", [.. many.Select(c => c.Microseconds)], $"of {Few}", [.. few.Select(c => c.Microseconds)]));
            figures.AddRange(BenchFigure.Pairs(what, "pages", [.. many.Select(c => c.Buffers)], $"of {Few}", [.. few.Select(c => c.Buffers)]));
        }

        figures.AddRange(await AtOnceAsync(entries, cancellationToken));
        return figures;
    }

    private static string State(bool firstDay) => firstDay ? "first day, all due" : $"{WatchlistSeed.Late} due";

    /// <summary>Medians over claims that are taken back, so that each finds the lists as they were.</summary>
    private async Task<Cost> CostAsync(WatchlistSeed seed, CancellationToken cancellationToken)
    {
        await seed.SowAsync(database, cancellationToken);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        List<double> took = [];
        List<double> buffers = [];
        for (var i = 0; i <= Claims; i++)
        {
            await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
            {
                var clock = Stopwatch.GetTimestamp();
                var due = await watchlist.ClaimDueAsync(new Work(connection, transaction), Age, Taken, cancellationToken);
                var elapsed = Stopwatch.GetElapsedTime(clock).TotalMicroseconds;
                await transaction.RollbackAsync(cancellationToken);
                if (due.Count != Taken)
                    throw new InvalidOperationException($"{due.Count} artists were claimed instead of {Taken}");

                // The session's first claim also makes its plans.
                if (i == 0)
                    continue;
                took.Add(elapsed);
            }

            buffers.Add(await WatchlistSeed.BuffersAsync(connection, Age, Taken, cancellationToken));
        }

        return new Cost(took.Order().ElementAt(Claims / 2), buffers.Order().ElementAt(Claims / 2));
    }

    private async Task<IEnumerable<BenchFigure>> AtOnceAsync(int entries, CancellationToken cancellationToken)
    {
        await new WatchlistSeed(entries, FirstDay: true).SowAsync(database, cancellationToken);
        List<Process> takers = [.. Enumerable.Range(0, AtOnce).Select(_ => StartTaker())];
        try
        {
            foreach (var taker in takers)
            {
                if (await taker.StandardOutput.ReadLineAsync(cancellationToken) != Ready)
                    throw new InvalidOperationException("a process that should claim did not start");
            }

            var clock = Stopwatch.StartNew();
            foreach (var taker in takers)
                taker.StandardInput.Close();
            var taken = (await Task.WhenAll(takers.Select(t => t.StandardOutput.ReadToEndAsync(cancellationToken)))).SelectMany(keys => keys.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
            foreach (var taker in takers)
            {
                await taker.WaitForExitAsync(cancellationToken);
                if (taker.ExitCode != 0)
                    throw new InvalidOperationException($"a process that should claim ended with {taker.ExitCode}");
            }

            var twice = taken.Count - taken.Distinct(StringComparer.Ordinal).Count();
            say(string.Create(CultureInfo.InvariantCulture, $"three processes at once: {taken.Count} taken in {clock.Elapsed.TotalSeconds:0.0} s, {twice} of them twice"));
            return
            [
                new BenchFigure($"three processes at once, {Rounds} claims of {Taken} each: taken", "artists", taken.Count, null, null, null),
                new BenchFigure("three processes at once: taken twice", "artists", twice, null, null, null),
            ];
        }
        finally
        {
            foreach (var taker in takers)
            {
                if (!taker.HasExited)
                    taker.Kill();
                taker.Dispose();
            }
        }
    }

    /// <summary>What each of those processes does: says that it is ready, waits until its input ends, claims, and names whom it took.</summary>
    public static async Task TakeAsync(Database database, WatchlistRepository watchlist, TextReader start, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(Ready);
        await output.FlushAsync(cancellationToken);
        await start.ReadToEndAsync(cancellationToken);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var due in await database.InTransactionAsync(work => watchlist.ClaimDueAsync(work, Age, Taken, cancellationToken), cancellationToken))
                await output.WriteLineAsync(due.ArtistKey);
        }
    }

    private static Process StartTaker()
    {
        var self = Environment.ProcessPath!;
        List<string> arguments = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        return Process.Start(new ProcessStartInfo(self, [.. arguments, "watchlist", TakerOption]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    private sealed record Cost(double Microseconds, double Buffers);
}
