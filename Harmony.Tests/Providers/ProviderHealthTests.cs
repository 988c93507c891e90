using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Health;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;
using Harmony.Tests.Postgres;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Harmony.Tests.Providers;

/// <summary>How the providers stand, on real gates and with every call counted.</summary>
[TestClass]
public sealed class ProviderHealthTests(TestContext context)
{
    private static TestDatabase _db = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => _db = await TestDatabase.CreateAsync();

    [ClassCleanup]
    public static async Task StopAsync() => await _db.DisposeAsync();

    [TestInitialize]
    public Task ForgetAsync() => _db.Database.ExecuteAsync("delete from harmony.provider_gate", null, context.CancellationToken);

    [TestMethod]
    public async Task Concurrent_checks_share_one_call_and_its_answer()
    {
        await using var rig = await Rig.StartAsync(async http =>
        {
            await Task.Delay(50, context.CancellationToken);
            await http.Json("""{"isLoggedIn":true}""");
        });

        var states = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => rig.LookAsync("slskd")));
        Assert.IsTrue(states.All(s => s.Status == "ok"));
        Assert.HasCount(1, rig.Server.Asked);

        rig.Clock.Advance(TimeSpan.FromSeconds(4.9));
        await rig.LookAsync("slskd");
        Assert.HasCount(1, rig.Server.Asked);
        rig.Clock.Advance(TimeSpan.FromSeconds(0.2));
        await rig.LookAsync("slskd");
        Assert.HasCount(2, rig.Server.Asked);
    }

    [TestMethod]
    public async Task A_cancelled_caller_does_not_cancel_the_check()
    {
        var go = new TaskCompletionSource();
        await using var rig = await Rig.StartAsync(async http =>
        {
            await go.Task;
            await http.Json("""{"isLoggedIn":true}""");
        });
        using var gone = new CancellationTokenSource();

        var first = rig.Health.LookAsync("slskd", gone.Token);
        var second = rig.LookAsync("slskd");
        await gone.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        go.SetResult();

        Assert.AreEqual("ok", (await second).Status);
        Assert.HasCount(1, rig.Server.Asked);
    }

    [TestMethod]
    public async Task A_blocked_provider_is_not_checked()
    {
        await using var own = await TestDatabase.CreateAsync();
        await own.Database.ExecuteAsync("select harmony.gate_block('spotify', interval '1 hour', 'too many requests')", null, context.CancellationToken);
        await using var rig = await Rig.StartAsync(http => http.Empty(500), own);

        var state = await rig.LookAsync("spotify");
        await CutAsync(own);
        rig.Clock.Advance(TimeSpan.FromSeconds(6));
        var later = await rig.LookAsync("spotify");

        Assert.AreEqual(("blocked", "gate"), (state.Status, state.Reason));
        Assert.StartsWith("blocked until 20", state.Message, StringComparison.Ordinal);
        Assert.Contains("too many requests", state.Message, StringComparison.Ordinal);
        Assert.IsGreaterThan(DateTimeOffset.UnixEpoch, state.BlockedUntil!.Value);
        Assert.AreEqual((state.Status, state.BlockedUntil), (later.Status, later.BlockedUntil));
        Assert.AreNotEqual(state.CheckedAt, later.CheckedAt);
        Assert.IsEmpty(rig.Server.Asked);
    }

    [TestMethod]
    public async Task An_expired_block_allows_the_check()
    {
        await _db.Database.ExecuteAsync("select harmony.gate_block('slskd', interval '-1 second', 'restarting')", null, context.CancellationToken);
        await using var rig = await Rig.StartAsync(http => http.Json("""{"isLoggedIn":true}"""));

        Assert.AreEqual("ok", (await rig.LookAsync("slskd")).Status);
        Assert.HasCount(1, rig.Server.Asked);
    }

    [TestMethod]
    public async Task A_refused_check_blocks_the_provider()
    {
        await using var rig = await Rig.StartAsync(http =>
        {
            http.Response.Headers.RetryAfter = "120";
            return http.Empty(429);
        });

        var state = await rig.LookAsync("spotify");
        rig.Clock.Advance(TimeSpan.FromSeconds(6));
        var later = await rig.LookAsync("spotify");

        Assert.AreEqual(("blocked", "blocked"), (state.Status, later.Status));
        Assert.HasCount(1, rig.Server.Asked);
        Assert.AreEqual(
            "spotify open true",
            await _db.Database.QueryFirstAsync<string>(
                "select provider || ' ' || state || ' ' || (blocked_until between now() + interval '100 seconds' and now() + interval '121 seconds') from harmony.provider_gate",
                null,
                context.CancellationToken));
    }

    [TestMethod]
    [DataRow("spotify", 200, """{"access_token":"token","expires_in":3600}""", "ok -")]
    [DataRow("spotify", 400, """{"error":"invalid_client"}""", "fail spotify_credentials")]
    [DataRow("spotify", 200, "{", "fail bad_reply")]
    [DataRow("spotify", 500, "", "fail server_error")]
    [DataRow("slskd", 200, """{"isLoggedIn":true}""", "ok -")]
    [DataRow("slskd", 200, """{"isLoggedIn":false}""", "fail logged_out")]
    [DataRow("slskd", 401, "", "fail slskd_unauthorized")]
    [DataRow("slskd", -1, "", "fail timeout")]
    [DataRow("lrclib", 500, "", "unknown -")]
    [DataRow("artwork", 500, "", "unknown -")]
    public async Task The_answer_of_a_provider_decides_its_status(string provider, int status, string body, string expected)
    {
        await using var rig = await Rig.StartAsync(http => status < 0 ? Task.Delay(Timeout.Infinite, http.RequestAborted) : http.Json(body, status), patience: status < 0 ? 500 : 5000);

        var state = await rig.LookAsync(provider);

        Assert.AreEqual(expected, $"{state.Status} {state.Reason ?? "-"}", state.Message);
        Assert.HasCount(expected[0] == 'u' ? 0 : 1, rig.Server.Asked);
        Assert.DoesNotContain("hunter2hunter2", state.Message, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_valid_token_is_reused_by_the_check()
    {
        var tokens = 0;
        await using var rig = await Rig.StartAsync(http => Interlocked.Increment(ref tokens) == 1 ? http.Json("""{"access_token":"token","expires_in":3600}""") : http.Empty(500));
        await using var bare = await Rig.StartAsync(http => http.Empty(500), secret: "");

        await rig.LookAsync("spotify");
        rig.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.AreEqual("ok", (await rig.LookAsync("spotify")).Status);
        Assert.AreEqual(1, tokens);
        Assert.AreEqual("spotify_not_configured", (await bare.LookAsync("spotify")).Reason);
        Assert.IsEmpty(bare.Server.Asked);
    }

    [TestMethod]
    public async Task A_disabled_provider_is_not_checked()
    {
        await using var rig = await Rig.StartAsync(http => http.Empty(500), disabled: "slskd");

        Assert.AreEqual("disabled", (await rig.LookAsync("slskd")).Status);
        Assert.IsEmpty(rig.Server.Asked);
    }

    [TestMethod]
    public async Task Only_a_changed_status_is_logged_loudly()
    {
        var status = 503;
        await using var rig = await Rig.StartAsync(http => status == 200 ? http.Json("""{"isLoggedIn":true}""") : http.Empty(status));

        foreach (var next in new[] { 503, 503, 200, 200 })
        {
            status = next;
            await rig.LookAsync("slskd");
            rig.Clock.Advance(TimeSpan.FromSeconds(6));
        }

        var told = rig.Log.Named("integration.health");
        Assert.AreEqual("Warning Debug Information Debug", string.Join(' ', told.Select(t => t.Level)));
        Assert.AreEqual("slskd fail server_error", told[0].Told("Provider", "Status", "Reason"));
        Assert.AreEqual("slskd ok -", told[2].Told("Provider", "Status", "Reason"));
    }

    private static async Task CutAsync(TestDatabase database)
    {
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await admin.OpenAsync();
        await using var cut = new NpgsqlCommand(
            $"alter database {address.Database} with allow_connections false; select pg_terminate_backend(pid) from pg_stat_activity where datname = '{address.Database}'", admin);
        await cut.ExecuteNonQueryAsync();
    }

    private sealed record Rig(LoopbackProvider Server, ServiceProvider Clients, FakeTimeProvider Clock, LogBook Log) : IAsyncDisposable
    {
        public ProviderHealth Health => Clients.GetRequiredService<ProviderHealth>();

        public Task<ProviderState> LookAsync(string provider) => Health.LookAsync(provider, CancellationToken.None);

        public static async Task<Rig> StartAsync(
            Func<HttpContext, Task> answer, TestDatabase? database = null, int patience = 5000, string secret = "hunter2hunter2", string? disabled = null)
        {
            var server = await LoopbackProvider.StartAsync(answer);
            var (clock, log) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), new LogBook());
            var options = new ProviderOptions
            {
                ProbeTimeout = TimeSpan.FromMilliseconds(patience),
                Disabled = disabled is null ? [] : [disabled],
                Spotify = new SpotifyOptions { ApiBaseUrl = new Uri(server.Url, "v1"), AccountsBaseUrl = server.Url, ClientId = "id", ClientSecret = secret },
                Slskd = new SlskdOptions { BaseUrl = server.Url, ApiKey = "hunter2hunter2" },
            };
            return new Rig(
                server,
                LoopbackProvider.Clients(
                    options,
                    clock,
                    services =>
                    {
                        services.AddSingleton((database ?? _db).Database);
                        services.AddSingleton<ProviderGates>();
                        log.AddTo(services);
                    }),
                clock,
                log);
        }

        public async ValueTask DisposeAsync()
        {
            await Clients.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
