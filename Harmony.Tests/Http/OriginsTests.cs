using Harmony.Api.Configuration;
using Harmony.Api.Hosting;

namespace Harmony.Tests.Http;

/// <summary>Scripts of other sites: nobody by default, listed ones with a key, and never the pages.</summary>
[TestClass]
public sealed class OriginsTests
{
    private const string Friend = "https://music.example.org";

    private static readonly (string Name, string Value)[] Preflight =
        [("Origin", Friend), ("Sec-Fetch-Site", "cross-site"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-api-key,content-type")];

    [TestMethod]
    public async Task A_listed_origin_can_call_with_a_key()
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys), ("ALLOWED_ORIGINS", $"http://localhost:5173,{Friend}"));

        var asked = await host.SendAsync(HttpMethod.Options, "/api/v1/jobs", null, null, Preflight);
        Assert.AreEqual(204, asked.Status);
        Assert.AreEqual(Friend, asked.Headers["Access-Control-Allow-Origin"]);
        Assert.Contains("X-API-Key", asked.Headers["Access-Control-Allow-Headers"], StringComparison.OrdinalIgnoreCase);
        Assert.IsFalse(asked.Headers.ContainsKey("Access-Control-Allow-Credentials"));

        var called = await host.PostAsync("/api/v1/dlq/requeue", "{}", ApiHost.OperatorKey, ("Origin", Friend), ("Sec-Fetch-Site", "cross-site"));
        Assert.AreEqual(400, called.Status);
        Assert.AreEqual(Friend, called.Headers["Access-Control-Allow-Origin"]);
        Assert.Contains("Origin", called.Headers["Vary"], StringComparison.Ordinal);
        Assert.AreEqual(401, (await host.PostAsync("/api/v1/dlq/requeue", "{}", null, ("Origin", Friend), ("Sec-Fetch-Site", "cross-site"))).Status);
    }

    [TestMethod]
    [DataRow("/api/v1/dlq/requeue", "https://evil.example.org", "https://music.example.org")]
    [DataRow("/ui/dead-letters/requeue", Friend, "https://music.example.org")]
    [DataRow("/api/v1/dlq/requeue", Friend, "")]
    public async Task Unlisted_origins_are_refused_without_CORS_headers(string path, string origin, string allowed)
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys), ("ALLOWED_ORIGINS", allowed));
        var answer = await host.PostAsync(path, "{}", ApiHost.AdminKey, ("Origin", origin), ("Sec-Fetch-Site", "cross-site"));
        Assert.AreEqual(403, answer.Status);
        Assert.IsFalse(answer.Headers.ContainsKey("Access-Control-Allow-Origin"));
    }

    [TestMethod]
    public async Task Open_mode_refuses_other_origins()
    {
        await using var host = await ApiHost.StartAsync(null, ("ALLOWED_ORIGINS", Friend));
        Assert.AreEqual(403, (await host.PostAsync("/api/v1/dlq/requeue", "{}", null, ("Origin", Friend))).Status);
    }

    [TestMethod]
    [DataRow("*")]
    [DataRow("music.example.org")]
    [DataRow("https://music.example.org/app")]
    public void An_invalid_origin_fails_the_start(string origins)
    {
        var settings = Settings.From(new Dictionary<string, string> { ["ALLOWED_ORIGINS"] = origins }, new Dictionary<string, string>(), HarmonySetup.Names);
        Assert.IsTrue(settings.Problems.Any(p => p.Component == "ALLOWED_ORIGINS"), origins);
    }
}
