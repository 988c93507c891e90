using System.Text;
using Harmony.Api.Configuration;

namespace Harmony.Tests.Http;

[TestClass]
public sealed class AccessOverHttpTests
{
    private const string Guarded = "/api/v1/health/spotify";

    [TestMethod]
    public async Task Loopback_without_keys_needs_no_credential()
    {
        await using var host = await ApiHost.StartAsync();

        Assert.AreEqual(200, (await host.GetAsync(Guarded)).Status);
    }

    [TestMethod]
    public async Task A_call_without_a_key_is_refused()
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));

        var answer = await host.GetAsync(Guarded);

        Assert.AreEqual(401, answer.Status);
        Assert.AreEqual("AUTH_REQUIRED", answer.Code);
        Assert.IsTrue(answer.Headers.ContainsKey("WWW-Authenticate"));
    }

    [TestMethod]
    [DataRow("X-API-Key", ApiHost.ViewerKey)]
    [DataRow("Authorization", $"ApiKey {ApiHost.ViewerKey}")]
    [DataRow("Authorization", $"Bearer {ApiHost.ViewerKey}")]
    [DataRow("Authorization", $"bearer {ApiHost.ViewerKey}")]
    public async Task A_key_is_accepted_in_three_forms(string header, string value)
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));

        Assert.AreEqual(200, (await host.GetAsync(Guarded, null, (header, value))).Status);
    }

    [TestMethod]
    [DataRow("X-API-Key", "not-a-key-0123456789", 403)]
    [DataRow("X-API-Key", "", 401)]
    [DataRow("Authorization", "", 401)]
    [DataRow("Authorization", "Bearer", 401)]
    [DataRow("Authorization", "Digest x", 401)]
    [DataRow("Authorization", "Basic dXNlcjp2aWV3ZXIta2V5LTAxMjM0NTY3ODk=", 401)]
    public async Task A_wrong_or_malformed_credential_is_refused(string header, string value, int status)
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));

        Assert.AreEqual(status, (await host.GetAsync(Guarded, null, (header, value))).Status);
    }

    [TestMethod]
    public async Task A_header_of_ten_kilobytes_is_a_missing_key()
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));

        var answer = await host.GetAsync(Guarded, null, ("Authorization", $"Bearer {new string('a', 10_000)}"));

        Assert.AreEqual(401, answer.Status);
        Assert.DoesNotContain("aaaa", answer.Text, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Required_auth_without_keys_refuses_every_call()
    {
        await using var host = await ApiHost.StartAsync(null, ("FEATURE_REQUIRE_AUTH", "true"));

        Assert.AreEqual(401, (await host.GetAsync(Guarded)).Status);
        Assert.AreEqual(401, (await host.GetAsync(Guarded, "anything-at-all-0000")).Status);
    }

    [TestMethod]
    public async Task Loopback_with_keys_can_be_opened_by_setting()
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys), ("HARMONY_UI_USERS", People.Users), ("FEATURE_REQUIRE_AUTH", "false"));

        Assert.AreEqual(200, (await host.GetAsync(Guarded)).Status);
        Assert.Contains("Open mode", (await host.GetAsync("/ui/nowhere")).Text, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("", "")]
    [DataRow("", "false")]
    [DataRow(ApiHost.Keys, "false")]
    public async Task A_start_beyond_loopback_without_credentials_fails(string keys, string required)
    {
        var refusal = await Assert.ThrowsExactlyAsync<StartupException>(() => ApiHost.StartAsync(null, ("HOST", "0.0.0.0"), ("HARMONY_API_KEYS", keys), ("FEATURE_REQUIRE_AUTH", required)));

        Assert.AreEqual(ExitCode.Missing, refusal.Code);
    }

    [TestMethod]
    public async Task A_configured_user_alone_requires_a_credential()
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_UI_USERS", People.Users));

        Assert.AreEqual(401, (await host.GetAsync(Guarded)).Status);
        Assert.AreEqual(401, (await host.GetAsync("/ui/nowhere")).Status);
    }

    [TestMethod]
    [DataRow("/live", "default-src 'none'", "")]
    [DataRow("/ui/nowhere", "script-src 'self'; style-src 'self'", "no-store")]
    [DataRow("/ui/sign-in", "script-src 'self'; style-src 'self'", "no-store")]
    public async Task Every_page_sends_security_headers(string path, string policy, string kept)
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));
        var headers = (await host.GetAsync(path, path == "/ui/sign-in" ? null : ApiHost.ViewerKey)).Headers;

        Assert.Contains(policy, headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.AreEqual("DENY", headers["X-Frame-Options"]);
        Assert.AreEqual("nosniff", headers["X-Content-Type-Options"]);
        Assert.AreEqual("same-origin", headers["Referrer-Policy"]);
        Assert.AreEqual("same-origin", headers["Cross-Origin-Resource-Policy"]);
        Assert.Contains(kept, headers.GetValueOrDefault("Cache-Control", ""), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_call_beyond_loopback_needs_a_key()
    {
        await using var host = await ApiHost.StartAsync(null, ("HOST", "0.0.0.0"), ("HARMONY_API_KEYS", ApiHost.Keys));

        Assert.AreEqual(401, (await host.GetAsync(Guarded)).Status);
        Assert.AreEqual(200, (await host.GetAsync(Guarded, ApiHost.ViewerKey)).Status);
    }

    [TestMethod]
    [DataRow("/live")]
    [DataRow("/api/v1/live")]
    [DataRow("/api/v1/health")]
    [DataRow("/api/v1/openapi.json")]
    [DataRow("/api/v1/docs/")]
    public async Task Liveness_and_description_need_no_key(string path)
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));

        Assert.AreEqual(200, (await host.GetAsync(path)).Status);
    }

    [TestMethod]
    public async Task The_docs_page_loads_only_its_own_scripts()
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));
        var (first, second) = (await host.GetAsync("/api/v1/docs/"), await host.GetAsync("/api/v1/docs/"));
        var policy = first.Headers["Content-Security-Policy"];
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];

        Assert.Contains($"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self';", policy, StringComparison.Ordinal);
        Assert.AreNotEqual(policy, second.Headers["Content-Security-Policy"]);
        Assert.HasCount(first.Text.Split("<script").Length, first.Text.Split(nonce), "every script carries the nonce");
        Assert.DoesNotContain("://", first.Text, StringComparison.Ordinal);
        Assert.Contains("/api/v1/openapi.json".TrimStart('/'), first.Text, StringComparison.Ordinal);
        Assert.AreEqual(200, (await host.GetAsync("/api/v1/docs/scalar.js")).Status);
        Assert.Contains("\"description\": \"Role: operator.\"", (await host.GetAsync("/api/v1/openapi.json")).Text, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task The_description_can_be_protected_and_other_paths_opened()
    {
        await using var host = await ApiHost.StartAsync(
            null, ("HARMONY_API_KEYS", ApiHost.Keys), ("AUTH_PROTECT_DOCS", "true"), ("AUTH_ALLOWLIST", "/api/v1/health/spotify"));

        Assert.AreEqual(401, (await host.GetAsync("/api/v1/openapi.json")).Status);
        Assert.AreEqual(401, (await host.GetAsync("/api/v1/docs/")).Status);
        Assert.AreEqual(200, (await host.GetAsync("/api/v1/openapi.json", ApiHost.ViewerKey)).Status);
        Assert.AreEqual(200, (await host.GetAsync("/api/v1/health/spotify")).Status);
        Assert.AreEqual(401, (await host.GetAsync("/api/v1/health/soulseek")).Status);
    }

    [TestMethod]
    [DataRow(ApiHost.ViewerKey, "/api/v1/jobs")]
    [DataRow(ApiHost.ViewerKey, "/api/v1/dlq/requeue")]
    [DataRow(ApiHost.ViewerKey, "/api/v1/jobs/1/cancel")]
    [DataRow(ApiHost.ViewerKey, "/api/v1/artists/spotify:x/enqueue-sync")]
    [DataRow(ApiHost.OperatorKey, "/api/v1/dlq/purge")]
    public async Task A_role_has_only_its_own_rights(string key, string path)
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));

        var answer = await host.PostAsync(path, "{}", key);

        Assert.AreEqual(403, answer.Status);
        Assert.AreEqual("FORBIDDEN", answer.Code);
    }

    [TestMethod]
    public async Task An_unknown_path_is_refused_without_a_key()
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));

        Assert.AreEqual(401, (await host.GetAsync("/api/v1/no-such-thing")).Status);
        Assert.AreEqual("NOT_FOUND", (await host.GetAsync("/api/v1/no-such-thing", ApiHost.ViewerKey)).Code);
    }

    [TestMethod]
    public async Task Pages_accept_a_password_or_key_as_basic_auth()
    {
        await using var host = await ApiHost.StartAsync(
            null, ("HARMONY_API_KEYS", ApiHost.Keys), ("HANGFIRE_DASHBOARD_USER", "dora"), ("HANGFIRE_DASHBOARD_PASSWORD", "a-long-password-of-dora"));

        var prompt = await host.GetAsync("/ui/nowhere");

        Assert.AreEqual(401, prompt.Status);
        Assert.StartsWith("Basic", prompt.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.AreEqual(404, (await host.GetAsync("/ui/nowhere", null, ApiHost.Basic("anyone", ApiHost.ViewerKey))).Status);
        Assert.AreEqual(404, (await host.GetAsync("/ui/nowhere", null, ApiHost.Basic("dora", "a-long-password-of-dora"))).Status);
        Assert.AreEqual(404, (await host.GetAsync("/ui/nowhere", ApiHost.ViewerKey)).Status);
        Assert.AreEqual(401, (await host.GetAsync("/ui/nowhere", null, ApiHost.Basic("dora", "a-wrong-password"))).Status);
        Assert.AreEqual(401, (await host.GetAsync("/ui/nowhere", null, ApiHost.Basic("dorb", "a-long-password-of-dora"))).Status);
    }

    [TestMethod]
    [DataRow("X-Forwarded-For", "127.0.0.1")]
    [DataRow("Forwarded", "for=127.0.0.1")]
    [DataRow("X-Forwarded-Host", "localhost")]
    [DataRow("Host", "music.example")]
    [DataRow("Origin", "https://evil.example")]
    [DataRow("Sec-Fetch-Site", "cross-site")]
    public async Task Open_mode_refuses_proxied_calls(string header, string value)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.PostAsync("/api/v1/jobs", "{}", null, (header, value));

        Assert.AreEqual(403, answer.Status);
        Assert.AreEqual("FORBIDDEN", answer.Code);
    }

    [TestMethod]
    public async Task A_forged_loopback_header_opens_nothing()
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));

        Assert.AreEqual(401, (await host.GetAsync(Guarded, null, ("X-Forwarded-For", "127.0.0.1"))).Status);
    }

    [TestMethod]
    public async Task Forwarded_headers_are_read_from_a_trusted_proxy_only()
    {
        await using var host = await ApiHost.StartAsync(null, ("TRUSTED_PROXIES", "127.0.0.1"), ("ALLOWED_HOSTS", "music.example"));

        Assert.AreEqual(200, (await host.GetAsync(Guarded, null, ("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Host", "music.example"))).Status);
    }

    [TestMethod]
    public async Task The_own_origin_is_not_foreign()
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.PostAsync("/api/v1/jobs", "{}", null, ("Origin", host.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"));

        Assert.AreEqual(400, answer.Status);
    }

    [TestMethod]
    public async Task A_link_from_another_site_opens_a_page()
    {
        await using var host = await ApiHost.StartAsync();

        Assert.AreEqual(200, (await host.GetAsync("/ui/assets/harmony.css", null, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"))).Status);
    }

    [TestMethod]
    public async Task A_form_without_a_token_changes_nothing()
    {
        await using var host = await ApiHost.StartAsync();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["id"] = "1" });
        using var page = new FormUrlEncodedContent(new Dictionary<string, string> { ["id"] = "1" });

        Assert.AreEqual(403, (await host.SendAsync(HttpMethod.Post, "/api/v1/dlq/requeue", null, form)).Status);
        Assert.AreEqual(403, (await host.SendAsync(HttpMethod.Post, "/ui/jobs/1/cancel", null, page)).Status);
    }

    [TestMethod]
    public async Task A_stored_basic_password_does_not_replace_the_token()
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["id"] = "1" });

        Assert.AreEqual(403, (await host.SendAsync(HttpMethod.Post, "/ui/jobs/1/cancel", null, form, ApiHost.Basic("x", ApiHost.AdminKey))).Status);
    }

    [TestMethod]
    public async Task Open_mode_refuses_content_types_of_forms()
    {
        await using var host = await ApiHost.StartAsync();
        using var text = new StringContent("{\"kind\":\"noop\"}", Encoding.UTF8, "text/plain");

        Assert.AreEqual(415, (await host.SendAsync(HttpMethod.Post, "/api/v1/jobs", null, text)).Status);
    }
}
