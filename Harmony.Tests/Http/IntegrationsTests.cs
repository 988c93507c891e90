using System.Text.Json;
using Harmony.Tests.Postgres;
using Harmony.Tests.Providers;

namespace Harmony.Tests.Http;

/// <summary><c>/integrations</c> and the figures beside it, on the real host with providers that are up, out and gone.</summary>
[TestClass]
public sealed class IntegrationsTests
{
    private const string Path = "/api/v1/integrations";

    [TestMethod]
    public async Task The_overall_status_is_ok_degraded_or_down()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var provider = await LoopbackProvider.StartAsync(http => http.Request.Path == "/api/token"
            ? http.Json("""{"access_token":"token","expires_in":3600}""")
            : http.Json("""{"isLoggedIn":true}"""));
        var (there, gone) = (provider.Url.ToString(), "http://127.0.0.1:1");
        await database.Database.ExecuteAsync("select harmony.gate_block('lrclib', interval '1 hour', 'too many requests')", null, CancellationToken.None);

        var well = await LookAsync(database, there, there, ("ENABLE_ARTWORK", "true"));
        var part = await LookAsync(database, there, gone, ("ENABLE_LYRICS", "true"));
        var none = await LookAsync(database, gone, gone);

        Assert.AreEqual("ok: spotify=ok slskd=ok lrclib=disabled lyrics_ovh=disabled artwork=unknown", well);
        Assert.AreEqual("degraded: spotify=ok slskd=fail lrclib=blocked lyrics_ovh=unknown artwork=disabled", part);
        Assert.AreEqual("down: spotify=fail slskd=fail lrclib=disabled lyrics_ovh=disabled artwork=disabled", none);
        // A token and a look at slskd by the first host, a token by the second.
        Assert.HasCount(3, provider.Asked);
    }

    [TestMethod]
    public async Task A_poll_needs_a_key_and_limits_provider_calls()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var provider = await LoopbackProvider.StartAsync(http => http.Empty(401));
        await using var host = await ApiHost.StartAsync(
            database, ("HARMONY_API_KEYS", ApiHost.Keys), ("SLSKD_BASE_URL", provider.Url.ToString()), ("INTEGRATIONS_ENABLED", "slskd"), ("HEALTH_DEPS", "slskd"), ("HEALTH_DEP_TIMEOUT_MS", "5000"));

        Assert.AreEqual(401, (await host.GetAsync(Path)).Status);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.GetAsync(Path, ApiHost.ViewerKey)));
        var ready = await host.GetAsync("/api/v1/ready");

        Assert.IsTrue(answers.All(a => a.Status == 200));
        Assert.Contains("{\"name\":\"spotify\",\"status\":\"disabled\"", answers[0].Text, StringComparison.Ordinal);
        Assert.AreEqual("down", answers[0].Json.GetProperty("data").GetProperty("overall").GetString(), "the only one that is switched on fails");
        var slskd = answers[0].Json.GetProperty("data").GetProperty("providers").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "slskd").GetProperty("details");
        Assert.AreEqual("slskd_unauthorized", slskd.GetProperty("reason").GetString());
        Assert.Contains("SLSKD_API_KEY", slskd.GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.AreEqual(JsonValueKind.Null, slskd.GetProperty("blocked_until").ValueKind);
        Assert.Contains("slskd is down", ready.Text, StringComparison.Ordinal);
        Assert.HasCount(1, provider.Asked, "readiness and all polls share one look");

        var figures = (await host.GetAsync("/metrics", ApiHost.ViewerKey)).Text;
        foreach (var line in new[]
        {
            "# TYPE harmony_provider_calls_total counter\n", "# TYPE harmony_provider_call_duration_seconds histogram\n", "harmony_provider_calls_total{outcome=\"blocked\",provider=\"lrclib\"} ",
            "harmony_provider_call_duration_seconds_bucket{provider=\"slskd\",le=\"0.1\"} ", "harmony_provider_bad_replies_total{provider=\"spotify\"} ",
        })
        {
            Assert.Contains(line, figures, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("harmony_provider_calls_total{outcome=\"failed\",provider=\"slskd\"} 0\n", figures, StringComparison.Ordinal);
    }

    private static async Task<string> LookAsync(TestDatabase database, string spotify, string slskd, params (string Name, string Value)[] more)
    {
        await using var host = await ApiHost.StartAsync(
            database,
            [
                ("SPOTIFY_API_BASE_URL", spotify), ("SPOTIFY_ACCOUNTS_BASE_URL", spotify), ("SPOTIFY_CLIENT_ID", "id"), ("SPOTIFY_CLIENT_SECRET", "secret-secret"),
                ("SLSKD_BASE_URL", slskd), ("SLSKD_API_KEY", "key-of-slskd"), ("HEALTH_DEP_TIMEOUT_MS", "5000"), .. more,
            ]);
        var answer = (await host.GetAsync(Path)).Json;
        Assert.IsTrue(answer.GetProperty("ok").GetBoolean());
        Assert.AreEqual(JsonValueKind.Null, answer.GetProperty("error").ValueKind);
        var data = answer.GetProperty("data");
        return $"{data.GetProperty("overall").GetString()}: {string.Join(' ', data.GetProperty("providers").EnumerateArray().Select(p => $"{p.GetProperty("name").GetString()}={p.GetProperty("status").GetString()}"))}";
    }
}
