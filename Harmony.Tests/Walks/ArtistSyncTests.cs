using System.Text.Json.Nodes;
using Harmony.Data.Artists;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Sync;
using Harmony.Jobs.Artists.Watch;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;
using Harmony.Sandbox.Catalog;
using Npgsql;

namespace Harmony.Tests.Walks;

/// <summary>What one artist's sync writes, against the sandbox's Spotify: what changed, and nothing else.</summary>
[TestClass]
public sealed class ArtistSyncTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_second_sync_writes_only_changes()
    {
        await using var rig = await MusicRig.StartAsync(Ct, sync: new ArtistSyncOptions { Unlisted = Unlisted.Inactive });
        await SyncAsync(rig);
        Assert.AreEqual(12L, await CountersAsync(rig, "GET /v1/artists/{id}/albums"));
        Assert.AreEqual(120, await CountAsync(rig, "public.artist_releases"));
        Assert.AreEqual(121, await CountAsync(rig, "public.artist_audit"));
        Assert.AreEqual(1, await CountAsync(rig, "harmony.job l join public.artists a on a.name = l.title"), "the first run gave the job its title");
        var written = await FaceAsync(rig);

        Assert.AreEqual("noop", (await SyncAsync(rig)).GetProperty("status").GetString());
        Assert.AreEqual(written, await FaceAsync(rig), "a second look writes nothing");
        Assert.AreEqual(121, await CountAsync(rig, "public.artist_audit"));

        var (renamed, gone) = (rig.Sandbox.Host.Catalog.Artist(SandboxCatalog.LongDiscographyArtistId)!.Releases[3].Id, rig.Sandbox.Host.Catalog.Artist(SandboxCatalog.LongDiscographyArtistId)!.Releases[7].Id);
        await NewsAsync(rig, [], (renamed, "Another Title Altogether"));
        Assert.AreEqual(1, (await SyncAsync(rig)).GetProperty("updated").GetInt32());
        Assert.AreEqual("release updated " + renamed, await NewestAuditAsync(rig));
        Assert.AreEqual(122, await CountAsync(rig, "public.artist_audit"));

        await NewsAsync(rig, [gone], (renamed, "Another Title Altogether"));
        Assert.AreEqual(1, (await SyncAsync(rig)).GetProperty("gone").GetInt32());
        Assert.AreEqual("release inactivated " + gone, await NewestAuditAsync(rig));
        Assert.AreEqual(119, await CountAsync(rig, "public.artist_releases where inactive_at is null"));

        await NewsAsync(rig, [], (renamed, "Another Title Altogether"));
        await SyncAsync(rig);
        Assert.AreEqual("release updated " + gone, await NewestAuditAsync(rig));
        Assert.AreEqual(120, await CountAsync(rig, "public.artist_releases where inactive_at is null and tracks_read_at is not null"));
        Assert.AreEqual(124, await CountAsync(rig, "public.artist_audit"));
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_missing_release_stays_unless_deletion_is_configured()
    {
        var id = SandboxCatalog.WatchedArtistIds[0];
        await using (var rig = await MusicRig.StartAsync(Ct))
        {
            var before = await SyncedAsync(rig, id);
            await NewsAsync(rig, [rig.Sandbox.Host.Catalog.Artist(id)!.Releases[0].Id]);
            Assert.AreEqual(1, (await SyncAsync(rig, id)).GetProperty("gone").GetInt32());
            Assert.AreEqual(before, await CountAsync(rig, "public.artist_releases where inactive_at is null"));
        }

        await using (var rig = await MusicRig.StartAsync(Ct, sync: new ArtistSyncOptions { Unlisted = Unlisted.Deleted }))
        {
            var before = await SyncedAsync(rig, id);
            var gone = rig.Sandbox.Host.Catalog.Artist(id)!.Releases[0].Id;
            await NewsAsync(rig, [gone]);
            await SyncAsync(rig, id);
            Assert.AreEqual(before - 1, await CountAsync(rig, "public.artist_releases"));
            Assert.AreEqual("release deleted " + gone, await NewestAuditAsync(rig));
        }
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_failing_watched_artist_rests_and_recovers()
    {
        var id = SandboxCatalog.WatchedArtistIds[1];
        await using var rig = await MusicRig.StartAsync(Ct, sync: new ArtistSyncOptions { RetryBudget = 2 });
        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SpotifyUrl, new JsonObject { ["kind"] = "html", ["match"] = "GET /v1/artists/*" });
        await rig.WatchAsync(id, Backlog.None);

        await rig.UntilAsync<string>("select coalesce((select reason_code from harmony.job where kind = 'artist_scan' and state = 'Failed'), '')", r => r == "retry_budget_exhausted");
        Assert.AreEqual(2, await CountAsync(rig, "harmony.job_event e where e.to_state = 'Processing' and e.job_id = (select job_id from harmony.job where kind = 'artist_scan')"));
        var watched = await rig.Get<WatchlistRepository>().FindAsync($"spotify:{id}", Ct);
        Assert.IsNotNull(watched!.ResumeAt);
        Assert.IsFalse(watched.Paused);
        Assert.AreEqual("resting", (await rig.Get<WatchlistForecast>().AskAsync(10, Ct)).Single().Plan.Why);

        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SpotifyUrl);
        await rig.Db.Database.ExecuteAsync("select harmony.requeue(job_ids => array(select job_id from harmony.job where kind = 'artist_scan'))", null, Ct);
        await rig.UntilAsync<long>("select count(*) from harmony.job where kind = 'artist_scan' and state = 'Succeeded'", n => n == 1);
        Assert.IsNull((await rig.Get<WatchlistRepository>().FindAsync($"spotify:{id}", Ct))!.ResumeAt);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_refresh_is_one_call_unless_the_artist_changed()
    {
        var id = SandboxCatalog.LongDiscographyArtistId;
        await using var rig = await MusicRig.StartAsync(Ct);
        await rig.WatchAsync(id, Backlog.None);
        await rig.UntilAsync<long>("select count(*) from harmony.job where kind = 'artist_scan' and state = 'Succeeded'", n => n == 1);

        Assert.AreEqual("120 of 120", (await rig.RowsAsync<string>("select concat(progress_done, ' of ', progress_total) from harmony.job where kind = 'artist_scan'")).Single());

        // A few of them are read again; the others were not looked for, so none is missed.
        var face = await FaceAsync(rig);
        var few = await rig.Get<JobQueue>().EnqueueAsync(new ArtistSyncArgs($"spotify:{id}", ReleaseLimit: 15), null, Ct);
        await rig.UntilAsync<string>($"select concat(state, ' ', result) from harmony.job where job_id = {few.JobId}", s => s.StartsWith("Succeeded", StringComparison.Ordinal) && s.Contains("\"gone\": 0", StringComparison.Ordinal));
        Assert.AreEqual(face, await FaceAsync(rig));

        // What the source shows first is not known yet: the first short look is followed by a long one.
        Assert.AreEqual("ok", (await LookAsync(rig)).GetProperty("status").GetString());
        var before = await CallsAsync(rig);
        Assert.AreEqual("unchanged", (await LookAsync(rig)).GetProperty("why").GetString());
        Assert.AreEqual(before + 1, await CallsAsync(rig));

        var renamed = rig.Sandbox.Host.Catalog.Artist(id)!.Releases.Where(r => r.Kind == "album").MaxBy(r => r.Date, StringComparer.Ordinal)!.Id;
        await NewsAsync(rig, [], (renamed, "Under Another Name"));
        var look = await LookAsync(rig);
        Assert.AreEqual("ok", look.GetProperty("status").GetString());
        Assert.AreEqual("release updated " + renamed, await NewestAuditAsync(rig));
        Assert.AreEqual(
            1,
            await CountAsync(rig, $"harmony.job s join harmony.job r on r.job_id = s.parent_job_id and r.kind = 'artist_refresh' where s.job_id = {look.GetProperty("scan_job_id")}"));

        // Changed too far down to be seen: a week later everything is read all the same.
        await rig.Db.Database.ExecuteAsync("update public.watchlist_artists set last_scan_at = harmony.now() - interval '8 days'", null, Ct);
        Assert.AreEqual("ok", (await LookAsync(rig)).GetProperty("status").GetString());

        before = await CallsAsync(rig);
        await rig.Get<WatchlistOperations>().PauseAsync("test", $"spotify:{id}", "enough", null, Ct);
        Assert.AreEqual("paused", (await LookAsync(rig)).GetProperty("why").GetString());
        await rig.Get<WatchlistOperations>().UnwatchAsync("test", $"spotify:{id}", Ct);
        Assert.AreEqual("not_watched", (await LookAsync(rig)).GetProperty("why").GetString());
        Assert.AreEqual(before, await CallsAsync(rig));
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task Concurrent_jobs_audit_each_change_once()
    {
        var id = SandboxCatalog.LongDiscographyArtistId;
        await using var rig = await MusicRig.StartAsync(Ct);
        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SpotifyUrl, new JsonObject { ["kind"] = "slow", ["match"] = "GET /v1/artists/*/albums", ["delayMs"] = 50 });
        await rig.WatchAsync(id, Backlog.None);
        await SyncAsync(rig);
        await rig.SettledAsync();

        Assert.AreEqual(2, await CountAsync(rig, "harmony.job where kind in ('artist_sync', 'artist_scan') and state = 'Succeeded'"));
        Assert.AreEqual(121, await CountAsync(rig, "public.artist_audit"));
        Assert.AreEqual(0, await CountAsync(rig, "(select 1 from public.artist_audit group by entity_type, entity_id having count(*) > 1) twice"));

        // Both have compared with what is stored, and now wait for each other.
        var renamed = rig.Sandbox.Host.Catalog.Artist(id)!.Releases[0].Id;
        await NewsAsync(rig, [], (renamed, "Under Another Name"));
        await rig.Db.Database.InTransactionAsync(
            async work =>
            {
                await rig.Get<ArtistsRepository>().LockAsync(work, $"spotify:{id}", Ct);
                await rig.Get<JobQueue>().EnqueueAsync(new ArtistSyncArgs($"spotify:{id}"), null, Ct);
                await rig.Get<JobQueue>().EnqueueAsync(new ArtistScanArgs($"spotify:{id}"), null, Ct);
                await rig.UntilAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())", n => n == 2);
            },
            Ct);
        await rig.SettledAsync();

        Assert.AreEqual(4, await CountAsync(rig, "harmony.job where kind in ('artist_sync', 'artist_scan') and state = 'Succeeded'"));
        Assert.AreEqual(1, await CountAsync(rig, "public.artist_audit where event = 'updated'"));
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task Watchlist_jobs_have_their_own_timeout()
    {
        var id = SandboxCatalog.WatchedArtistIds[1];
        await using var rig = await MusicRig.StartAsync(Ct, watch: new WatchlistOptions { Patience = new CallOverrides(TimeSpan.FromMilliseconds(700), 0) });
        await rig.WatchAsync(id, Backlog.None);
        await rig.SettledAsync();
        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SpotifyUrl, new JsonObject { ["kind"] = "slow", ["match"] = "GET /v1/artists/*/albums", ["delayMs"] = 1500 });

        await SyncAsync(rig, id);
        foreach (var look in new[] { ArtistRefreshArgs.Kind, ArtistScanArgs.Kind })
        {
            await rig.Db.Database.ExecuteAsync("select harmony.enqueue(@look, jsonb_build_object('artist_key', @key))", new { look, key = $"spotify:{id}" }, Ct);
            await rig.UntilAsync<string>(
                $"select coalesce((select last_error from harmony.job where kind = '{look}' and attempts > 0), '')", e => e.Contains("within 0.7 s", StringComparison.Ordinal));
        }

        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SpotifyUrl);
        await rig.SettledAsync();
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_timed_out_tick_is_retried_for_both_lists()
    {
        var (watched, kept) = (SandboxCatalog.WatchedArtistIds[1], SandboxCatalog.WatchedArtistIds[2]);
        await using var rig = await MusicRig.StartAsync(Ct, watch: new WatchlistOptions { TickBudget = TimeSpan.FromSeconds(2), Interval = TimeSpan.Zero });
        await rig.WatchAsync(watched, Backlog.None);
        await rig.SettledAsync();
        await rig.Get<WatchlistOperations>().KeepFreshAsync("test", $"spotify:{kept}", 0, null, Ct);
        long tick;
        await using (var held = await rig.Db.Source.OpenConnectionAsync(Ct))
        await using (var transaction = await held.BeginTransactionAsync(Ct))
        {
            await using (var hold = new NpgsqlCommand("lock table public.watchlist_artists in access exclusive mode", held))
                await hold.ExecuteNonQueryAsync(Ct);
            tick = (await rig.Get<JobQueue>().EnqueueAsync(new WatchlistTickArgs(), null, Ct)).JobId;
            await rig.UntilAsync<string>($"select coalesce(last_error, '') from harmony.job where job_id = {tick}", e => e.Contains("WATCHLIST_TICK_BUDGET_MS", StringComparison.Ordinal));
        }

        await rig.UntilAsync<string>($"select concat_ws(' ', state, result) from harmony.job where job_id = {tick}", s => s == """Succeeded {"claimed": 2, "enqueued": 2}""");
        CollectionAssert.AreEqual(
            new[] { $"artist_refresh spotify:{watched}", $"artist_sync spotify:{kept}" },
            (await rig.RowsAsync<string>($"select concat_ws(' ', kind, args ->> 'artist_key') from harmony.job where parent_job_id = {tick} and kind <> 'artist_scan' order by 1")).ToArray());
        await rig.SettledAsync();
    }

    // A short look, and the long one if it asks for it.
    private static async Task<System.Text.Json.JsonElement> LookAsync(MusicRig rig)
    {
        var job = await rig.Get<JobQueue>().EnqueueAsync(new ArtistRefreshArgs($"spotify:{SandboxCatalog.LongDiscographyArtistId}"), null, CancellationToken.None);
        await rig.UntilAsync<string>($"select state || ' ' || coalesce(last_error, '') from harmony.job where job_id = {job.JobId}", s => s.StartsWith("Succeeded", StringComparison.Ordinal));
        await rig.SettledAsync();
        return System.Text.Json.JsonElement.Parse((await rig.RowsAsync<string>($"select result::text from harmony.job where job_id = {job.JobId}")).Single());
    }

    private static async Task<long> CallsAsync(MusicRig rig)
    {
        var (_, body) = await rig.Sandbox.JsonAsync(HttpMethod.Get, rig.Sandbox.Host.SpotifyUrl + "/_sandbox/counters");
        return body!["requests"]!.AsObject().Sum(r => r.Value!.GetValue<long>());
    }

    private static async Task<int> SyncedAsync(MusicRig rig, string id)
    {
        await SyncAsync(rig, id);
        return await CountAsync(rig, "public.artist_releases");
    }

    private static async Task<System.Text.Json.JsonElement> SyncAsync(MusicRig rig, string id = SandboxCatalog.LongDiscographyArtistId)
    {
        var job = await rig.Get<JobQueue>().EnqueueAsync(new ArtistSyncArgs($"spotify:{id}"), null, CancellationToken.None);
        await rig.UntilAsync<string>($"select state || ' ' || coalesce(last_error, '') from harmony.job where job_id = {job.JobId}", s => s.StartsWith("Succeeded", StringComparison.Ordinal));
        return System.Text.Json.JsonElement.Parse((await rig.RowsAsync<string>($"select result::text from harmony.job where job_id = {job.JobId}")).Single());
    }

    private static async Task<int> CountAsync(MusicRig rig, string what) => (await rig.RowsAsync<int>($"select count(*)::int from {what}")).Single();

    private static async Task<string> NewestAuditAsync(MusicRig rig) =>
        (await rig.RowsAsync<string>("select concat_ws(' ', entity_type, event, entity_id) from public.artist_audit order by id desc limit 1")).Single();

    private static async Task<string> FaceAsync(MusicRig rig) => (await rig.RowsAsync<string>(
        "select md5(string_agg(r::text, '|' order by r.id)) || (select string_agg(a.etag || a.version, '|') from public.artists a) from public.artist_releases r")).Single();

    private static async Task<long> CountersAsync(MusicRig rig, string route)
    {
        var (_, body) = await rig.Sandbox.JsonAsync(HttpMethod.Get, rig.Sandbox.Host.SpotifyUrl + "/_sandbox/counters");
        return body!["requests"]![route]?.GetValue<long>() ?? 0;
    }

    private static Task NewsAsync(MusicRig rig, string[] gone, params (string Id, string Title)[] titles) => rig.Sandbox.NewsAsync(gone, titles);
}
