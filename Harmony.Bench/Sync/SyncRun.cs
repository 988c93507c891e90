using System.Diagnostics;
using System.Globalization;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Hosting;
using Harmony.Bench.Figures;
using Harmony.Data;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Sync;
using Harmony.Jobs.Operator;
using Harmony.Orchestrator;
using Harmony.Sandbox.Catalog;

namespace Harmony.Bench.Sync;

/// <param name="Spotify">A sandbox with uniform artists: twenty releases, eighty tracks each.</param>
/// <param name="SandboxProcess">Its process, whose CPU time is told apart.</param>
/// <param name="Artists">Per round.</param>
/// <param name="Rounds">Each with artists of its own; medians are reported.</param>
/// <param name="Width">How many are synced at once.</param>
internal sealed record SyncPlan(Uri Spotify, int SandboxProcess, int Artists, int Rounds, int Width);

/// <summary><c>scripts/bench sync</c>: the worker as it is, syncing artists it has never seen, and then the same ones again.</summary>
internal sealed class SyncRun(IServiceProvider worker, CallMeter meter, SyncPlan plan, Action<string> say)
{
    // Code is compiled a second time when it was used for a while.
    private const int WarmUp = 200;
    private const int EmptyJobs = 1000;

    private readonly Database _database = worker.GetRequiredService<Database>();
    private readonly JobQueue _queue = worker.GetRequiredService<JobQueue>();

    public static async Task<IReadOnlyList<BenchFigure>> RunAsync(Settings settings, SyncPlan plan, Action<string> say, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("harmony-bench-");
        try
        {
            using var worker = HarmonyHost.Build(With(settings, folder, plan));
            await worker.StartAsync(cancellationToken);
            using var meter = new CallMeter();
            var figures = await new SyncRun(worker.Services, meter, plan, say).MeasureAsync(cancellationToken);
            await worker.StopAsync(cancellationToken);
            return figures;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<IReadOnlyList<BenchFigure>> MeasureAsync(CancellationToken cancellationToken)
    {
        var server = await CpuTimes.ServerAsync(_database, cancellationToken);
        if (server is null)
            say("The database server is not on this machine: its CPU time is not counted.");
        var sync = (IEnumerable<int> artists) => EnqueueAsync([.. artists.Select(n => new ArtistSyncArgs(ArtistKey.OfSpotify(SandboxCatalog.UniformArtistId(n))))], cancellationToken);
        var warm = Enumerable.Range(plan.Artists * plan.Rounds, WarmUp).ToList();
        await ListAsync(Enumerable.Range(0, plan.Artists * plan.Rounds).Concat(warm), cancellationToken);
        await LapAsync("warming up", () => sync(warm), server, cancellationToken);
        await LapAsync("warming up", () => sync(warm), server, cancellationToken);

        List<Lap> first = [];
        List<Lap> second = [];
        List<Lap> empty = [];
        for (var round = 0; round < plan.Rounds; round++)
        {
            var artists = Enumerable.Range(round * plan.Artists, plan.Artists).ToList();
            first.Add(await LapAsync($"first sync, round {round + 1}", () => sync(artists), server, cancellationToken));
            second.Add(await LapAsync($"second sync, round {round + 1}", () => sync(artists), server, cancellationToken));
            empty.Add(await LapAsync($"empty jobs, round {round + 1}", () => EnqueueAsync([.. Enumerable.Range(0, EmptyJobs).Select(n => new NoopArgs(n))], cancellationToken), server, cancellationToken));
        }

        return [.. Figures("first sync", first), .. Figures("second sync, nothing new", second), .. Figures("empty job", empty)];
    }

    private static IEnumerable<BenchFigure> Figures(string what, List<Lap> laps)
    {
        yield return Of("a second", "", lap => lap.Number / lap.Seconds);
        yield return Of("a second of one core, counting the worker alone", "", lap => lap.Number / lap.Cpu.Worker);
        yield return Of("a second of one core, counting worker, database and sandbox", "", lap => lap.Number / lap.Cpu.All);
        yield return Of("CPU of the worker each", "ms", lap => 1000 * lap.Cpu.Worker / lap.Number);
        yield return Of("CPU of the database each", "ms", lap => 1000 * lap.Cpu.Database / lap.Number);
        yield return Of("CPU of the sandbox each", "ms", lap => 1000 * lap.Cpu.Other / lap.Number);
        yield return Of("provider calls each", "calls", lap => (double)lap.Provider.Number / lap.Number);
        yield return Of("time in provider calls each", "ms", lap => 1000 * lap.Provider.Seconds / lap.Number);
        yield return Of("database statements each, the engine's too", "statements", lap => (double)lap.Database.Number / lap.Number);
        yield return Of("time in database statements each, the engine's too", "ms", lap => 1000 * lap.Database.Seconds / lap.Number);

        BenchFigure Of(string part, string unit, Func<Lap, double> value) => BenchFigure.Of($"{what}: {part}", unit, [.. laps.Select(value)]);
    }

    /// <summary>From the call that enqueues to the last end.</summary>
    private async Task<Lap> LapAsync(string what, Func<Task<long[]>> enqueue, int? server, CancellationToken cancellationToken)
    {
        meter.Take();
        var before = CpuTimes.Read(plan.SandboxProcess, server);
        var clock = Stopwatch.StartNew();
        var ids = await enqueue();
        // The database is asked only when it may be over: asking costs, too.
        while (meter.Ended < ids.Length || await LeftAsync(ids, cancellationToken) > 0)
            await Task.Delay(5, cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;
        var (provider, database) = meter.Take();
        var lap = new Lap(ids.Length, seconds, CpuTimes.Read(plan.SandboxProcess, server) - before, provider, database);
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {lap.Number / seconds:0.0}/s; CPU {lap.Cpu.Worker:0.00} s worker, {lap.Cpu.Database:0.00} s database, {lap.Cpu.Other:0.00} s sandbox in {seconds:0.00} s; {provider.Number} provider calls took {provider.Seconds:0.00} s, {database.Number} statements {database.Seconds:0.00} s"));
        return lap;
    }

    private async Task<long[]> EnqueueAsync<TArgs>(List<TArgs> args, CancellationToken cancellationToken)
        where TArgs : class, IJobArgs
    {
        var jobs = await _database.InTransactionAsync(work => _queue.EnqueueManyAsync(work, args, null, cancellationToken), cancellationToken);
        return jobs.Any(job => job.AlreadyEnqueued) ? throw new InvalidOperationException("an artist is being synced already") : [.. jobs.Select(job => job.JobId)];
    }

    private async Task<long> LeftAsync(long[] ids, CancellationToken cancellationToken)
    {
        var failed = await _database.QueryFirstAsync<string>("select l.last_error from harmony.job l where l.job_id = any (@ids) and l.last_error is not null limit 1", new { ids }, cancellationToken);
        return failed is null
            ? await _database.QueryFirstAsync<long>("select count(*) from harmony.job l where l.job_id = any (@ids) and l.state <> 'Succeeded'", new { ids }, cancellationToken)
            : throw new InvalidOperationException($"a job failed: {failed}");
    }

    // As an artist is that is kept fresh: its turn is marked, too.
    private Task ListAsync(IEnumerable<int> artists, CancellationToken cancellationToken) => _database.InTransactionAsync(
        async work =>
        {
            var list = worker.GetRequiredService<ArtistWatchlistRepository>();
            foreach (var n in artists)
                await list.SaveAsync(work, ArtistKey.OfSpotify(SandboxCatalog.UniformArtistId(n)), 0, null, cancellationToken);
        },
        cancellationToken);

    private static Settings With(Settings settings, DirectoryInfo folder, SyncPlan plan) => Settings.From(
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [DatabaseKeys.Url.Name] = DatabaseAddress.Of(settings),
            [HostKeys.Roles.Name] = "worker",
            [HostKeys.LogLevel.Name] = "ERROR",
            [HostKeys.KeysDir.Name] = Path.Combine(folder.FullName, "keys"),
            ["DOWNLOADS_DIR"] = Directory.CreateDirectory(Path.Combine(folder.FullName, "downloads")).FullName,
            ["MUSIC_DIR"] = Directory.CreateDirectory(Path.Combine(folder.FullName, "music")).FullName,
            ["WATCHLIST_TIMER_ENABLED"] = "false",
            ["ORCH_POOL_ARTISTS"] = plan.Width.ToString(CultureInfo.InvariantCulture),
            [EngineKeys.GlobalConcurrency.Name] = Math.Max(plan.Width, 16).ToString(CultureInfo.InvariantCulture),
            [ProviderKeys.SpotifyApi.Name] = plan.Spotify.AbsoluteUri.TrimEnd('/') + "/v1",
            [ProviderKeys.SpotifyAccounts.Name] = plan.Spotify.AbsoluteUri,
            [ProviderKeys.SpotifyClientId.Name] = "sandbox",
            [ProviderKeys.SpotifyClientSecret.Name] = "sandbox",
        },
        new Dictionary<string, string>(),
        HarmonySetup.Names);

    private sealed record Lap(int Number, double Seconds, CpuTimes Cpu, Calls Provider, Calls Database);
}
