using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;
using Harmony.Sandbox.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Harmony.Tests.Providers;

/// <summary>What a call may cost, seen from the provider's side and in the log.</summary>
[TestClass]
public sealed class ProviderCallsTests(TestContext context)
{
    private const string Route = "GET /v1/artists/{id}";
    private const string Secret = "a-secret-nobody-reads";

    private static SandboxRig _rig = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => _rig = await SandboxRig.StartAsync(context.CancellationToken);

    [ClassCleanup]
    public static async Task StopAsync() => await _rig.DisposeAsync();

    [TestInitialize]
    public Task ForgetAsync() => _rig.JsonAsync(HttpMethod.Post, _rig.Host.SpotifyUrl + "/_sandbox/reset");

    [TestMethod]
    [DataRow("truncate", 0, 1, "broken off")]
    [DataRow("truncate", 1, 2, "broken off")]
    [DataRow("truncate", 3, 2, "broken off")]
    [DataRow("429", 3, 1, "blocked")]
    [DataRow("500", 3, 1, "server_error")]
    [DataRow("slow", 3, 1, "timeout")]
    [DataRow("broken", 3, 1, "bad_reply")]
    public async Task A_broken_call_is_retried_once_only(string fault, int retries, int calls, string error)
    {
        await _rig.FaultAsync(_rig.Host.SpotifyUrl, Rule(fault));
        var log = new LogBook();
        await using var clients = Clients(log, retries, fault);

        Assert.AreEqual(error, await ErrorAsync(clients));

        Assert.AreEqual(calls, await CallsAsync());
        var told = log.Named("api.dependency").Where(e => e.Told("What") == "the artist").ToList();
        Assert.HasCount(calls, told);
        Assert.AreEqual(string.Join(',', Enumerable.Range(1, calls)), string.Join(',', told.Select(e => e.Told("Attempt"))));
    }

    [TestMethod]
    [DataRow("fine", "ok 200 -", LogLevel.Information)]
    [DataRow("404", "ok 404 -", LogLevel.Information)]
    [DataRow("429", "blocked 429 -", LogLevel.Warning)]
    [DataRow("500", "failed 500 -", LogLevel.Warning)]
    [DataRow("403", "failed 403 -", LogLevel.Warning)]
    [DataRow("slow", "failed - timeout", LogLevel.Warning)]
    [DataRow("truncate", "failed - broken off", LogLevel.Warning)]
    public async Task Each_call_logs_one_event_without_secrets(string fault, string expected, LogLevel level)
    {
        if (fault != "fine")
            await _rig.FaultAsync(_rig.Host.SpotifyUrl, Rule(fault));
        var log = new LogBook();
        await using var clients = Clients(log, retries: 0, fault);

        await ErrorAsync(clients);

        var all = log.Named("api.dependency");
        Assert.AreEqual("spotify ok the token request 200 1", all[0].Told("Provider", "Status", "What", "StatusCode", "Attempt"));
        Assert.HasCount(2, all);
        Assert.AreEqual(expected, $"{all[1].Told("Status", "StatusCode")} {BrokenOff(all[1].Told("Error"))}");
        Assert.AreEqual((level, "spotify"), (all[1].Level, all[1].Told("Provider")));
        Assert.IsGreaterThanOrEqualTo(0L, (long)all[1].Fields["DurationMs"]!);
        if (fault == "slow")
            Assert.IsGreaterThanOrEqualTo(490L, (long)all[1].Fields["DurationMs"]!);
        foreach (var entry in all)
        {
            foreach (var hidden in new[] { Secret, "Bearer", "Basic", "http", SandboxCatalog.WatchedArtistIds[0] })
                Assert.DoesNotContain(hidden, entry.Text + string.Join(' ', entry.Fields.Values), StringComparison.OrdinalIgnoreCase);
        }
    }

    [TestMethod]
    public async Task Concurrent_calls_are_limited_per_provider()
    {
        var (inside, most) = (0, 0);
        var go = new TaskCompletionSource();
        await using var server = await LoopbackProvider.StartAsync(async http =>
        {
            if (http.Request.Path == "/api/token")
            {
                await http.Json("""{"access_token":"token","expires_in":3600}""");
                return;
            }

            if (http.Request.Path == "/api/v0/server")
            {
                await http.Json("""{"isLoggedIn":true}""");
                return;
            }

            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            await go.Task;
            Interlocked.Decrement(ref inside);
            await http.Json("""{"id":"x","name":"x"}""");
        });
        await using var clients = LoopbackProvider.Clients(new ProviderOptions
        {
            MaxConcurrency = 3,
            Spotify = new SpotifyOptions { ApiBaseUrl = new Uri(server.Url, "v1"), AccountsBaseUrl = server.Url, ClientId = "id", ClientSecret = Secret },
            Slskd = new SlskdOptions { BaseUrl = server.Url },
        });
        var spotify = clients.GetRequiredService<SpotifyCatalog>();

        var calls = Enumerable.Range(0, 12).Select(n => spotify.GetTrackAsync($"t{n}", context.CancellationToken)).ToList();
        await _rig.UntilAsync(() => Task.FromResult(Volatile.Read(ref inside)), n => n == 3);
        Assert.IsTrue(await clients.GetRequiredService<SlskdClient>().IsLoggedInAsync(context.CancellationToken));
        // Long enough for a fourth one that nobody holds back.
        await Task.Delay(100, context.CancellationToken);
        go.SetResult();

        Assert.IsTrue((await Task.WhenAll(calls)).All(track => track is not null));
        Assert.AreEqual(3, most);
    }

    [TestMethod]
    public async Task Frequent_polls_are_logged_at_debug_level()
    {
        var log = new LogBook();
        await using var clients = Clients(log, retries: 0);

        await clients.GetRequiredService<SlskdClient>().ListDownloadsAsync(context.CancellationToken);

        Assert.AreEqual((LogLevel.Debug, "slskd ok"), (log.Named("api.dependency").Single().Level, log.Named("api.dependency").Single().Told("Provider", "Status")));
    }

    [TestMethod]
    public async Task A_disabled_provider_is_not_called()
    {
        var log = new LogBook();
        await using var clients = Clients(log, retries: 1, disabled: "spotify");

        Assert.AreEqual("integration_disabled", await ErrorAsync(clients));

        Assert.AreEqual(0, await CallsAsync());
        Assert.IsEmpty(log.Named("api.dependency"));
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, now, seen);
    }

    private static JsonObject Rule(string fault)
    {
        var rule = new JsonObject { ["match"] = "GET /v1/artists/*", ["kind"] = fault };
        if (int.TryParse(fault, CultureInfo.InvariantCulture, out var status))
            (rule["kind"], rule["status"]) = ("status", status);
        else if (fault == "broken")
            (rule["kind"], rule["status"], rule["body"]) = ("status", 200, "{\"id\": tru");
        else if (fault == "slow")
            rule["delayMs"] = 1500;
        return rule;
    }

    private static ServiceProvider Clients(LogBook log, int retries, string fault = "", params string[] disabled) => LoopbackProvider.Clients(
        new ProviderOptions
        {
            Disabled = disabled,
            Spotify = new SpotifyOptions
            {
                ApiBaseUrl = new Uri(_rig.Host.SpotifyApiUrl),
                AccountsBaseUrl = new Uri(_rig.Host.SpotifyUrl),
                ClientId = "sandbox",
                ClientSecret = Secret,
                Timeout = fault == "slow" ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(15),
                Retries = retries,
            },
            Slskd = new SlskdOptions { BaseUrl = new Uri(_rig.Host.SlskdUrl), ApiKey = Harmony.Sandbox.SandboxOptions.SlskdApiKey },
        },
        more: log.AddTo);

    private async Task<string?> ErrorAsync(ServiceProvider clients)
    {
        try
        {
            await clients.GetRequiredService<SpotifyCatalog>().GetArtistAsync(SandboxCatalog.WatchedArtistIds[0], context.CancellationToken);
            return null;
        }
        catch (ProviderException failed)
        {
            return BrokenOff(failed.Code);
        }
        catch (ProviderBlockedException)
        {
            return "blocked";
        }
        catch (PermanentJobException refused)
        {
            return refused.ReasonCode;
        }
    }

    // Which of the two it is depends on what the network noticed first.
    private static string BrokenOff(string code) => code is "truncated" or "unreachable" ? "broken off" : code;

    private static async Task<int> CallsAsync()
    {
        var (_, counters) = await _rig.JsonAsync(HttpMethod.Get, _rig.Host.SpotifyUrl + "/_sandbox/counters");
        return (int?)counters!["requests"]![Route] ?? 0;
    }
}
