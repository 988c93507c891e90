using Harmony.Data.Downloads;
using Harmony.Jobs;
using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class SampleJobTests
{
    [TestMethod]
    public async Task The_documented_sample_compiles_and_runs_as_described()
    {
        var cancellationToken = CancellationToken.None;
        var sample = SampleJob.Read(await File.ReadAllTextAsync(Path.Combine(Clone.Root, "docs", "jobs.md"), cancellationToken));
        await using var place = await TestDatabase.CreateAsync();
        await place.Database.ExecuteAsync(
            """
            insert into public.downloads (state, stage, artist, title, organized_path, completed_at)
            values
                ('completed', 'done', 'a', 'on the shelf', '/music/a/on the shelf.flac', now()),
                ('completed', 'done', 'a', 'there too', '/music/a/there too.flac', now()),
                ('queued', 'wanted', 'a', 'not yet', null, null)
            """,
            null,
            cancellationToken);
        await using var fleet = await TestFleet.StartAsync(
            place, Lanes.All, [sample.Job], add: services => services.AddSingleton<DownloadsRepository>());
        await Until.SeenAsync(() => ScalarAsync<long>(place, "select count(*) from harmony.kind where kind = 'count_files'"), n => n == 1);

        var job = await place.Database.QueryFirstAsync<Enqueued>(sample.Sql, null, cancellationToken);
        await Until.SeenAsync(() => ScalarAsync<string>(place, "select state from harmony.job"), s => s == "Succeeded");

        Assert.IsFalse(job!.AlreadyEnqueued);
        Assert.AreEqual("library count_files:50 3", await ScalarAsync<string>(place, "select concat_ws(' ', lane, unique_key, max_retries) from harmony.job"));
        Assert.AreEqual("{\"files\": 2}", await ScalarAsync<string>(place, "select result::text from harmony.job"));
    }

    private static Task<T?> ScalarAsync<T>(TestDatabase place, string sql) => place.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None);
}
