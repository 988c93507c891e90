using Harmony.Api.Http.Caching;
using Harmony.Data;
using Harmony.Data.Evictions;
using Harmony.Data.Notices;
using Harmony.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Harmony.Tests.Http;

/// <summary>Two processes on one database keep answers: each caller has its own, and a commit ends them everywhere.</summary>
[TestClass]
public sealed class KeptAnswersTests
{
    private const string Health = "/api/v1/health";
    private const string OtherViewerKey = "other-viewer-key-0123456789";
    private const string Keys = $"{ApiHost.Keys},vito:viewer:{OtherViewerKey}";
    private static TestDatabase _database = null!;
    private static ApiHost _one = null!;
    private static ApiHost _two = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _database = await TestDatabase.CreateAsync();
        var paths = ("CACHEABLE_PATHS", "/artists/old:.+|0|60, /artists/[^/:]+:[^/]+");
        _one = await ApiHost.StartAsync(_database, ("HARMONY_API_KEYS", Keys), ("ALLOWED_ORIGINS", "https://page.example"), paths);
        _two = await ApiHost.StartAsync(_database, ("HARMONY_API_KEYS", Keys), ("ARTIST_CACHE_INVALIDATE", "yes"));
        await ListeningAsync(_one, _two);
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _database.DisposeAsync();
    }

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task A_cached_answer_has_age_and_tag()
    {
        var path = await ArtistAsync("spotify:kept");
        var made = await _one.GetAsync(path, ApiHost.ViewerKey);
        await ChangeUnheardAsync("spotify:kept");
        var kept = await _one.GetAsync($"{path}?", ApiHost.ViewerKey, ("Origin", "https://page.example"));

        Assert.AreEqual((200, made.Text), (kept.Status, kept.Text));
        Assert.IsFalse(made.Headers.ContainsKey("Age"));
        Assert.MatchesRegex("^[0-9]$", kept.Headers["Age"]);
        foreach (var answer in new[] { made, kept })
        {
            Assert.AreEqual("\"e\"", answer.Headers["ETag"]);
            Assert.AreEqual("max-age=30 private stale-while-revalidate=60", Words(answer, "Cache-Control"));
            Assert.AreEqual("Accept-Encoding Authorization Cookie Origin X-API-Key", Words(answer, "Vary"));
        }

        Assert.AreEqual("https://page.example", kept.Headers["Access-Control-Allow-Origin"]);
        Assert.AreNotEqual(made.Headers["X-Request-ID"], kept.Headers["X-Request-ID"]);
        var known = await _one.GetAsync(path, ApiHost.ViewerKey, ("If-None-Match", "\"other\", W/\"e\""));
        Assert.AreEqual((304, "", "\"e\""), (known.Status, known.Text, known.Headers["ETag"]));
        Assert.IsTrue(known.Headers.ContainsKey("Age"));
        var head = await _one.SendAsync(HttpMethod.Head, path, ApiHost.ViewerKey, null);
        Assert.AreEqual((200, "", kept.Headers["Content-Length"]), (head.Status, head.Text, head.Headers["Content-Length"]));
        Assert.IsTrue(head.Headers.ContainsKey("Age"));
        var packed = await _one.GetAsync(path, ApiHost.ViewerKey, ("Accept-Encoding", "gzip"));
        Assert.AreEqual(("gzip", "W/\"e\"", Words(kept, "Vary")), (packed.Headers["Content-Encoding"], packed.Headers["ETag"], Words(packed, "Vary")));
        Assert.IsTrue(packed.Headers.ContainsKey("Age"));

        var anew = await _one.GetAsync(path, ApiHost.ViewerKey, ("Cache-Control", "no-cache"), ("If-None-Match", "\"e\""));
        Assert.AreEqual((200, "\"unheard\""), (anew.Status, anew.Headers["ETag"]));
        Assert.IsTrue((await _one.GetAsync(path, ApiHost.ViewerKey)).Headers.ContainsKey("Age"), "and that is kept now");
    }

    [TestMethod]
    public async Task Each_caller_has_its_own_cached_answers()
    {
        var path = await ArtistAsync("spotify:whose");
        await _one.GetAsync(path, ApiHost.ViewerKey);

        Assert.IsTrue((await _one.GetAsync(path, ApiHost.ViewerKey)).Headers.ContainsKey("Age"));
        foreach (var other in new[] { OtherViewerKey, ApiHost.OperatorKey })
            Assert.IsFalse((await _one.GetAsync(path, other)).Headers.ContainsKey("Age"), other);
        foreach (var (key, status) in new[] { (null, 401), ("gone-key-0123456789", 403) })
        {
            var refused = await _one.GetAsync(path, key);
            Assert.AreEqual(status, refused.Status);
            Assert.DoesNotContain("spotify:whose", refused.Text, StringComparison.Ordinal);
            Assert.IsFalse(refused.Headers.ContainsKey("Age"));
        }
    }

    [TestMethod]
    public async Task A_commit_evicts_its_artist_in_every_process()
    {
        var (path, other) = (await ArtistAsync("spotify:1"), await ArtistAsync("spotify:12"));
        foreach (var sql in new[]
        {
            "update public.artists set etag = 'n1' where artist_key = 'spotify:1'",
            "insert into public.artist_releases (artist_id, artist_key, source, source_id, title, album_artist, release_type, etag) select id, artist_key, 'spotify', 'r', 'First', 'A', 'album', 'e' from public.artists where artist_key = 'spotify:1'",
            "update public.artist_releases set title = 'Second' where artist_key = 'spotify:1'",
            "delete from public.artist_releases where artist_key = 'spotify:1'",
            "delete from public.artists where artist_key = 'spotify:1'",
        })
        {
            foreach (var host in new[] { _one, _two })
            {
                foreach (var each in new[] { path, other })
                    await KeptAsync(host, each);
            }

            await _database.Database.ExecuteAsync(sql, null, Ct);
            foreach (var host in new[] { _one, _two })
            {
                await Until.SeenAsync(() => host.GetAsync(path, ApiHost.ViewerKey), a => !a.Headers.ContainsKey("Age"), TimeSpan.FromSeconds(5));
                Assert.IsTrue((await host.GetAsync(other, ApiHost.ViewerKey)).Headers.ContainsKey("Age"), sql);
            }
        }

        Assert.AreEqual(404, (await _two.GetAsync(path, ApiHost.ViewerKey)).Status);
    }

    [TestMethod]
    public async Task An_answer_read_before_a_commit_is_not_cached()
    {
        var path = await ArtistAsync("spotify:late");
        Task<Answer> late = null!;
        await _database.Database.InTransactionAsync(
            async work =>
            {
                // The artist is read, its releases are waited for.
                await work.ExecuteAsync("lock table public.artist_releases in access exclusive mode", null, Ct);
                late = _one.GetAsync(path, ApiHost.ViewerKey);
                await WaitingAsync();
                var before = Cache(_one).Generation;
                await _database.Database.ExecuteAsync("update public.artists set etag = 'new', name = 'New' where artist_key = 'spotify:late'", null, Ct);
                await Until.SeenAsync(() => Task.FromResult(Cache(_one).Generation), g => g > before);
            },
            Ct);

        Assert.AreEqual("\"e\"", (await late).Headers["ETag"]);
        var next = await _one.GetAsync(path, ApiHost.ViewerKey);
        Assert.AreEqual("\"new\"", next.Headers["ETag"]);
        Assert.IsFalse(next.Headers.ContainsKey("Age"));
    }

    [TestMethod]
    public async Task One_request_revalidates_while_others_get_stale_answers()
    {
        var path = await ArtistAsync("old:stale");
        await _one.GetAsync(path, ApiHost.ViewerKey);
        await ChangeUnheardAsync("old:stale");
        Task<Answer> first = null!;
        await _database.Database.InTransactionAsync(
            async work =>
            {
                await work.ExecuteAsync("lock table public.artists in access exclusive mode", null, Ct);
                first = _one.GetAsync(path, ApiHost.ViewerKey);
                await WaitingAsync();
                var stale = await _one.GetAsync(path, ApiHost.ViewerKey).WaitAsync(TimeSpan.FromSeconds(5), Ct);
                Assert.AreEqual((200, "\"e\""), (stale.Status, stale.Headers["ETag"]));
                Assert.IsTrue(stale.Headers.ContainsKey("Age"));
                Assert.AreEqual("max-age=0 private stale-while-revalidate=60", Words(stale, "Cache-Control"));
                Assert.IsFalse(first.IsCompleted);
            },
            Ct);

        Assert.AreEqual("\"unheard\"", (await first).Headers["ETag"]);
    }

    [TestMethod]
    public async Task A_lost_notification_connection_clears_the_cache()
    {
        var path = await ArtistAsync("spotify:lost");
        await KeptAsync(_two, path);
        await ChangeUnheardAsync("spotify:lost");

        var before = Cache(_two).Generation;
        await _database.Database.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen harmony_evict' and pid <> pg_backend_pid()", null, Ct);
        await Until.SeenAsync(() => Task.FromResult(Cache(_two).Generation), g => g > before);
        await ListeningAsync(_one, _two);

        var made = await _two.GetAsync(path, ApiHost.ViewerKey);
        Assert.AreEqual("\"unheard\"", made.Headers["ETag"]);
        Assert.IsFalse(made.Headers.ContainsKey("Age"));
        await KeptAsync(_two, path);
        await _database.Database.ExecuteAsync("update public.artists set etag = 'heard' where artist_key = 'spotify:lost'", null, Ct);
        await Until.SeenAsync(() => _two.GetAsync(path, ApiHost.ViewerKey), a => a.Headers["ETag"] == "\"heard\"", TimeSpan.FromSeconds(5));
    }

    [TestMethod]
    public async Task A_connection_silent_for_ten_seconds_disables_the_cache()
    {
        var clock = new FakeTimeProvider();
        using var listener = new EvictionListener(_one.Services.GetRequiredService<NoticeListener>(), Cache(_one), clock, NullLogger<EvictionListener>.Instance);
        Assert.IsFalse(listener.IsListening);
        await listener.StartAsync(Ct);
        await Until.SeenAsync(() => Task.FromResult(listener.IsListening), heard => heard);

        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.IsTrue(listener.IsListening);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.IsFalse(listener.IsListening);
        await _one.Services.GetRequiredService<EvictionNotices>().AskAsync("spotify:nobody", Ct);
        await Until.SeenAsync(() => Task.FromResult(listener.IsListening), heard => heard);
        await listener.StopAsync(Ct);
        Assert.IsFalse(listener.IsListening);
    }

    [TestMethod]
    public async Task Artists_that_expire_by_age_can_be_evicted()
    {
        var path = await ArtistAsync("spotify:ages");
        await using var host = await ApiHost.StartAsync(_database, ("HARMONY_API_KEYS", Keys), ("ARTIST_CACHE_INVALIDATE", "false"));
        await ListeningAsync(host);
        await KeptAsync(host, path);
        await KeptAsync(_one, path);

        await _database.Database.ExecuteAsync("update public.artists set etag = 'n' where artist_key = 'spotify:ages'", null, Ct);
        await Until.SeenAsync(() => _one.GetAsync(path, ApiHost.ViewerKey), a => !a.Headers.ContainsKey("Age"), TimeSpan.FromSeconds(5));
        Assert.AreEqual("\"e\"", (await host.GetAsync(path, ApiHost.ViewerKey)).Headers["ETag"]);

        await KeptAsync(_one, path);
        Assert.AreEqual(1, Cache(_one).Evict("spotify:ages"));
        await host.Services.GetRequiredService<EvictionNotices>().AskAsync("spotify:ages", Ct);
        await Until.SeenAsync(() => host.GetAsync(path, ApiHost.ViewerKey), a => a.Headers["ETag"] == "\"n\"", TimeSpan.FromSeconds(5));
    }

    [TestMethod]
    public async Task Without_notifications_only_expiring_answers_are_cached()
    {
        foreach (var (name, value, keeps) in new[] { ("CACHE_WRITE_THROUGH", "true", false), ("CACHE_WRITE_THROUGH", "false", true), ("CACHE_ENABLED", "false", false) })
        {
            await using var host = await ApiHost.StartAsync(null, ("CACHEABLE_PATHS", "/health"), ("FEATURE_RATE_LIMITING", "true"), ("RATE_LIMIT_BUCKET_CAP", "2"), ("RATE_LIMIT_REFILL_PER_SEC", "0.001"), (name, value));

            Assert.IsFalse((await host.GetAsync(Health)).Headers.ContainsKey("Age"));
            Assert.AreEqual(keeps, (await host.GetAsync(Health)).Headers.ContainsKey("Age"), $"{name}={value}");
            Assert.AreEqual(429, (await host.GetAsync(Health)).Status, "what is kept costs as much as anything");
        }
    }

    [TestMethod]
    public async Task A_commit_evicts_each_artist_once_or_all()
    {
        await _database.Database.ExecuteAsync(
            """
            insert into public.artists (artist_key, source, source_id, name, etag) select 'many:' || i, 'many', i::text, 'A', 'e' from generate_series(1, 51) i;
            insert into public.artist_releases (artist_id, artist_key, source, source_id, title, album_artist, release_type, etag)
            select a.id, a.artist_key, 'many', r::text, 'T', 'A', 'album', 'e' from public.artists a, generate_series(1, 3) r where a.source = 'many'
            """,
            null,
            Ct);
        var told = new List<string>();
        await using var connection = await _database.Source.OpenConnectionAsync(Ct);
        connection.Notification += (_, n) => told.Add(n.Payload);
        await SayAsync("listen harmony_evict");
        foreach (var (sql, payloads) in new[]
        {
            ("update public.artist_releases set title = 'U' where artist_key in ('many:1', 'many:2')", "many:1 many:2"),
            ("update public.artists set etag = 'f' where source = 'many' and artist_key <> 'many:1'", string.Join(' ', Enumerable.Range(2, 50).Select(i => $"many:{i}").Order(StringComparer.Ordinal))),
            ("update public.artists set etag = 'g' where source = 'many'", "*"),
            ("update public.artists set etag = 'g' where source = 'nobody'", ""),
            ("insert into public.artists (artist_key, source, source_id, name, etag) values ('many:1', 'many', '1', 'A', 'e') on conflict do nothing", ""),
            ("update public.artists set artist_key = 'moved:1', source = 'moved' where artist_key = 'many:1'", "many:1 moved:1"),
            ("begin; update public.artists set etag = 'h' where artist_key = 'many:2'; rollback", ""),
            ("insert into public.artists (artist_key, source, source_id, name, etag) select 'long:' || repeat('x', 2000), 'long', repeat('x', 2000), 'A', 'e'", "*"),
            ("delete from public.artists where artist_key = 'many:3'", "many:3"),
            ("begin; truncate public.artist_releases cascade; commit", "*"),
        })
        {
            told.Clear();
            await SayAsync(sql);
            await SayAsync("select");
            Assert.AreEqual(payloads, string.Join(' ', told.Order(StringComparer.Ordinal)), sql);
        }

        async Task SayAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Ct);
        }
    }

    private static ResponseCache Cache(ApiHost host) => host.Services.GetRequiredService<ResponseCache>();

    private static async Task ListeningAsync(params ApiHost[] hosts)
    {
        foreach (var host in hosts)
            await Until.SeenAsync(() => Task.FromResult(host.Services.GetRequiredService<EvictionListener>().IsListening), heard => heard);
    }

    private static Task KeptAsync(ApiHost host, string path) =>
        Until.SeenAsync(() => host.GetAsync(path, ApiHost.ViewerKey), a => a.Headers.ContainsKey("Age"), TimeSpan.FromSeconds(5));

    private static string Words(Answer answer, string header) =>
        string.Join(' ', answer.Headers[header].Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal));

    private async Task<string> ArtistAsync(string key)
    {
        var parts = key.Split(':');
        await _database.Database.ExecuteAsync(
            "insert into public.artists (artist_key, source, source_id, name, etag) values (@key, @source, @id, 'A', 'e')", new { key, source = parts[0], id = parts[1] }, Ct);
        await SettledAsync(_one, _two);
        return $"/api/v1/artists/{key}";
    }

    // Notices come in the order of their commits: when the last one is seen to work, those of earlier statements have been.
    private async Task SettledAsync(params ApiHost[] hosts)
    {
        var key = Guid.CreateVersion7().ToString("N");
        var answer = new CachedAnswer(key, $"/api/v1/artists/last:{key}", "", new(TimeSpan.FromHours(1), TimeSpan.Zero), "", [], ReadOnlyMemory<byte>.Empty, TimeProvider.System.GetTimestamp());
        foreach (var host in hosts)
            await Until.SeenAsync(() => Task.FromResult(Cache(host).Keep(answer, Cache(host).Generation)), kept => kept);
        await hosts[0].Services.GetRequiredService<EvictionNotices>().AskAsync($"last:{key}", Ct);
        foreach (var host in hosts)
            await Until.SeenAsync(() => Task.FromResult(Cache(host).Find(key)), found => found is Found.Nothing);
    }

    // As nothing but a database that is tampered with changes: no trigger tells it.
    private Task ChangeUnheardAsync(string key) =>
        _database.Database.ExecuteAsync(
            "begin; set local session_replication_role = replica; update public.artists set etag = 'unheard' where artist_key = '" + key + "'; commit", null, Ct);

    private Task WaitingAsync() =>
        Until.SeenAsync(
            () => _database.Database.QueryFirstAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", null, Ct),
            waiting => waiting == 1);
}
