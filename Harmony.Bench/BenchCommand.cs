using System.CommandLine;
using System.Text.Json;
using Harmony.Api.Cli;
using Harmony.Api.Configuration;
using Harmony.Bench.Engine;
using Harmony.Bench.Figures;
using Harmony.Bench.Matching;
using Harmony.Bench.Pages;
using Harmony.Bench.Sync;
using Harmony.Bench.Watchlist;
using Harmony.Data;
using Harmony.Data.Watchlist;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Bench;

/// <summary>The command line of <c>scripts/bench</c>, which gives it a database of its own. Each figure stands beside a reference of the same run.</summary>
internal static class BenchCommand
{
    public static RootCommand Make(Func<Settings> load)
    {
        var name = new Argument<string>("name") { Description = "engine, pages, watchlist, sync or matching" };
        name.AcceptOnlyFromAmong("engine", "pages", "watchlist", "sync", "matching");
        var json = new Option<FileInfo?>("--json") { Description = "Also write the figures to this file." };
        var jobs = new Option<int>("--jobs") { Description = "Jobs per burn-down.", DefaultValueFactory = _ => 20_000 };
        var pairs = new Option<int>("--pairs") { Description = "Interleaved pairs; medians are reported.", DefaultValueFactory = _ => 9 };
        var depths = new Option<int[]>("--depths") { Description = "How many wait while the cost of a fetch is read.", DefaultValueFactory = _ => [1000, 100_000, 1_000_000], AllowMultipleArgumentsPerToken = true };
        var snapshot = new Option<int>("--snapshot-seconds") { Description = "How long a snapshot stays open, while jobs are done, before the cost of a fetch is read once more.", DefaultValueFactory = _ => 0 };
        var inFlight = new Option<int[]>("--in-flight") { Description = "Jobs that run at once in a burn-down, on both sides.", DefaultValueFactory = _ => [20, 100], AllowMultipleArgumentsPerToken = true };
        var parts = new Option<string[]>("--parts") { Description = "What to measure; everything when not given.", AllowMultipleArgumentsPerToken = true };
        parts.AcceptOnlyFromAmong(BenchPlan.AllParts);
        var peers = new Option<DirectoryInfo?>("--peers") { Description = "Folder with the scripts of other queues." };
        var visits = new Option<int>("--visits") { Description = "Visits of each page.", DefaultValueFactory = _ => 40 };
        var seed = new Option<int[]>("--seed") { Description = "Jobs that ended, dead letters and waiting jobs to sow before the pages are visited.", DefaultValueFactory = _ => [1_000_000, 100_000, 200_000], Arity = new ArgumentArity(3, 3), AllowMultipleArgumentsPerToken = true };
        var entries = new Option<int>("--entries") { Description = "Watchlist entries, beside a hundred.", DefaultValueFactory = _ => 100_000 };
        var artists = new Option<int>("--artists") { Description = "Artists per round of the sync.", DefaultValueFactory = _ => 200 };
        var width = new Option<int>("--width") { Description = "Artists synced at once.", DefaultValueFactory = _ => 4 };
        var spotify = new Option<string?>("--spotify") { Description = "The sandbox's Spotify, started with --uniform-artists; scripts/bench starts one." };
        var sandbox = new Option<int>("--sandbox-process") { Description = "Its process, whose CPU time is told apart." };
        var corpus = new Option<DirectoryInfo?>("--corpus") { Description = "Folder of the matcher's labelled corpus; scripts/bench matching gives it." };
        var failures = new Option<string?>("--failures") { Description = "Also list the rows of a half that the matcher gets wrong: tuning." };
        var take = new Option<bool>(WatchlistBench.TakerOption) { Hidden = true };
        var root = new RootCommand("Measures the engine and the jobs. Runs jobs and empties lists: never on a database in use.")
        {
            name, json, jobs, pairs, inFlight, depths, snapshot, parts, peers, visits, seed, entries, take, artists, width, spotify, sandbox, corpus, failures,
        };
        spotify.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValue(spotify), UriKind.Absolute, out _))
                result.AddError("--spotify wants an address such as http://127.0.0.1:5000.");
        });
        failures.Validators.Add(result =>
        {
            // A matcher tuned on every row proves nothing about the next file.
            if (result.GetValue(failures) is not MatchingRun.Tuning)
                result.AddError($"--failures lists the rows of the half {MatchingRun.Tuning} only; the rows of the half {MatchingRun.Untouched} are not listed.");
        });
        root.Validators.Add(result =>
        {
            if (result.GetValue(name) == "matching" && result.GetValue(corpus) is null)
                result.AddError("matching needs --corpus; scripts/bench matching gives it.");
            if (result.GetValue(name) == "sync" && (result.GetValue(spotify) is null || result.GetValue(sandbox) == 0))
                result.AddError("sync needs --spotify and --sandbox-process; scripts/bench sync gives both.");
        });
        root.SetAction((parsed, cancellationToken) => parsed.GetValue(name) == "matching" ? MatchAsync(parsed, cancellationToken) : Session.RunAsync(load(), async services =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(name) == "pages")
            {
                var sown = parsed.GetValue(seed)!;
                await WriteAsync(
                    await PagesRun.RunAsync(services.GetRequiredService<Settings>(), new PagesSeed(sown[0], sown[1], sown[2], PagesBench.Kinds), parsed.GetValue(visits), line => output.WriteLine(line), cancellationToken),
                    parsed.GetValue(json),
                    cancellationToken);
                return 0;
            }

            if (parsed.GetValue(name) == "watchlist")
            {
                var (database, lists) = (services.GetRequiredService<Database>(), services.GetRequiredService<WatchlistRepository>());
                if (parsed.GetValue(take))
                {
                    await WatchlistBench.TakeAsync(database, lists, Console.In, output, cancellationToken);
                    return 0;
                }

                var watchlist = new WatchlistBench(database, lists, line => output.WriteLine(line));
                return await TellAsync(await watchlist.RunAsync(parsed.GetValue(entries), parsed.GetValue(pairs), cancellationToken), output, parsed.GetValue(json), cancellationToken);
            }

            if (parsed.GetValue(name) == "sync")
            {
                var sync = new SyncPlan(new Uri(parsed.GetValue(spotify)!), parsed.GetValue(sandbox), parsed.GetValue(artists), parsed.GetValue(pairs), parsed.GetValue(width));
                return await TellAsync(
                    await SyncRun.RunAsync(services.GetRequiredService<Settings>(), sync, line => output.WriteLine(line), cancellationToken), output, parsed.GetValue(json), cancellationToken);
            }

            var bench = new EngineBench(
                services.GetRequiredService<Database>(),
                services.GetRequiredService<NpgsqlDataSource>(),
                DatabaseAddress.Of(services.GetRequiredService<Settings>()),
                line => output.WriteLine(line));
            var plan = new BenchPlan(
                parsed.GetValue(jobs),
                parsed.GetValue(pairs),
                parsed.GetValue(inFlight)!,
                parsed.GetValue(depths)!,
                TimeSpan.FromSeconds(parsed.GetValue(snapshot)),
                parsed.GetValue(parts) ?? [],
                parsed.GetValue(peers));
            return await TellAsync(await bench.RunAsync(plan, cancellationToken), output, parsed.GetValue(json), cancellationToken);
        }));
        return root;

        Task<int> MatchAsync(ParseResult parsed, CancellationToken cancellationToken)
        {
            var output = parsed.InvocationConfiguration.Output;
            var figures = MatchingRun.Run(parsed.GetValue(corpus)!.FullName, parsed.GetValue(failures) is not null, line => output.WriteLine(line));
            return TellAsync(figures, output, parsed.GetValue(json), cancellationToken);
        }
    }

    private static async Task<int> TellAsync(IReadOnlyList<BenchFigure> figures, TextWriter output, FileInfo? file, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync();
        foreach (var figure in figures)
            await output.WriteLineAsync(figure.ToString());
        await WriteAsync(figures, file, cancellationToken);
        return 0;
    }

    private static async Task WriteAsync(IReadOnlyList<BenchFigure> figures, FileInfo? file, CancellationToken cancellationToken)
    {
        if (file is not null)
            await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(figures, JobJson.Options), cancellationToken);
    }
}
