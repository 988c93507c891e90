using Harmony.Data.Downloads;
using Harmony.Jobs;
using Harmony.Jobs.Artists.Sync;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Providers;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Providers;

/// <summary>Jobs that need what an operator has switched off.</summary>
[TestClass]
public sealed class SwitchedOffTests
{
    [TestMethod]
    public async Task A_job_of_a_disabled_provider_ends_at_once()
    {
        await using var db = await TestDatabase.CreateAsync();
        await TransferAsync(db);
        await using var fleet = await TestFleet.StartAsync(
            db,
            Lanes.All,
            [typeof(ArtistSyncJob), typeof(TransferPollJob)],
            null,
            services =>
            {
                services.AddHarmonyProviders(new ProviderOptions { Disabled = Integrations.Names });
                services.AddHarmonyJobs();
            });
        await Until.SeenAsync(() => db.Database.QueryFirstAsync<long>("select count(*) from harmony.kind", null, CancellationToken.None), n => n >= 2);
        await db.Database.ExecuteAsync(
            "select harmony.enqueue('artist_sync', '{\"artist_key\":\"spotify:abc\"}'); select harmony.enqueue('transfer_poll', '{}')", null, CancellationToken.None);

        var ends = await Until.SeenAsync(
            () => db.Database.QueryFirstAsync<string>(
                """
                select string_agg(concat_ws(' ', l.kind, l.state, l.reason_code, l.attempts), ', ' order by l.kind)
                from harmony.job l
                where l.state in ('Failed', 'Scheduled')
                """,
                null,
                CancellationToken.None),
            text => text?.Contains(',', StringComparison.Ordinal) == true);

        Assert.AreEqual("artist_sync Failed integration_disabled 1, transfer_poll Scheduled 0", ends);
        Assert.Contains(
            "INTEGRATIONS_ENABLED",
            (await db.Database.QueryFirstAsync<string>("select last_error from harmony.job where kind = 'artist_sync'", null, CancellationToken.None))!,
            StringComparison.Ordinal);
    }

    private static async Task TransferAsync(TestDatabase db)
    {
        var (_, release) = await LibraryRows.AlbumAsync(db, "a1", "r1", "t1");
        var stages = new DownloadStagesRepository(db.Database);
        await db.Database.InTransactionAsync(
            async work =>
            {
                var id = (await new DownloadsRepository(db.Database).WantMissingAsync(work, [release], 0, "test", false, CancellationToken.None)).Single();
                await stages.ChooseAsync(work, id, new ChosenCandidate("{}", "alice", @"M\a.flac", 1000), CancellationToken.None);
                await stages.RequestAsync(work, id, Guid.CreateVersion7(), "harmony/1-1", CancellationToken.None);
            },
            CancellationToken.None);
    }
}
