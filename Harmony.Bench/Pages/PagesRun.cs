using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Hosting;
using Harmony.Bench.Figures;
using Harmony.Data;

namespace Harmony.Bench.Pages;

/// <summary><c>scripts/bench pages</c>: sows a month of jobs into the database and visits every page. Nothing works there meanwhile.</summary>
internal static class PagesRun
{
    public static async Task<IReadOnlyList<BenchFigure>> RunAsync(Settings settings, PagesSeed seed, int times, Action<string> say, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("harmony-bench-");
        try
        {
            // A worker's first start tells the database which kinds there are.
            using (var worker = HarmonyHost.Build(With(settings, folder, "worker")))
            {
                await worker.StartAsync(cancellationToken);
                await worker.StopAsync(cancellationToken);
            }

            await using var app = HarmonyHost.BuildApi(With(settings, folder, "api"));
            await app.StartAsync(cancellationToken);
            var database = app.Services.GetRequiredService<Database>();
            await seed.SowAsync(database, cancellationToken);
            say($"{seed.Finished} jobs ended, {seed.Dead} dead letters, {seed.Waiting} wait");
            var dead = await database.QueryFirstAsync<long>("select max(job_id) from harmony.job where state = 'Failed'", null, cancellationToken);
            var figures = await new PagesBench(say).MeasureAsync(new Uri(app.Urls.Single()), dead, times, cancellationToken);
            await app.StopAsync(cancellationToken);
            return figures;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Settings With(Settings settings, DirectoryInfo folder, string role) => Settings.From(
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [DatabaseKeys.Url.Name] = DatabaseAddress.Of(settings),
            [HostKeys.Roles.Name] = role,
            [HostKeys.Port.Name] = "0",
            [HostKeys.KeysDir.Name] = Path.Combine(folder.FullName, "keys"),
            [HostKeys.LogLevel.Name] = "ERROR",
            ["DOWNLOADS_DIR"] = Directory.CreateDirectory(Path.Combine(folder.FullName, "downloads")).FullName,
            ["MUSIC_DIR"] = Directory.CreateDirectory(Path.Combine(folder.FullName, "music")).FullName,
            ["WATCHLIST_TIMER_ENABLED"] = "false",
        },
        new Dictionary<string, string>(),
        HarmonySetup.Names);
}
