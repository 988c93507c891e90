using System.Globalization;
using Harmony.Api.Access;
using Harmony.Tests.Postgres;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Harmony.Tests.Http;

/// <summary>Signing in and out over HTTP, and what becomes of those who guess.</summary>
[TestClass]
public sealed class SignInTests
{
    private static readonly (string Name, string Value)[] Browsing = [("Accept", "text/html,application/xhtml+xml"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Site", "none")];

    [TestMethod]
    [DataRow("/ui", "/ui/sign-in")]
    [DataRow("/ui/jobs?state=Failed", "/ui/sign-in?return=%2Fui%2Fjobs%3Fstate%3DFailed")]
    [DataRow("/hangfire/jobs/failed", "/ui/sign-in?return=%2Fhangfire%2Fjobs%2Ffailed")]
    public async Task A_browser_is_redirected_and_a_program_gets_401(string path, string place)
    {
        await using var host = await StartAsync();

        var browser = await host.GetAsync(path, null, Browsing);
        Assert.AreEqual(303, browser.Status);
        Assert.AreEqual(place, browser.Headers["Location"]);
        Assert.IsFalse(browser.Headers.ContainsKey("WWW-Authenticate"));
        Assert.AreEqual(303, (await host.GetAsync(path, null, ("Accept", "text/html"), ("Upgrade-Insecure-Requests", "1"))).Status, "without TLS a browser says less");

        var program = await host.GetAsync(path, null, ("Accept", "text/html"));
        Assert.AreEqual(401, program.Status);
        Assert.StartsWith("Basic", program.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.DoesNotStartWith("Basic", (await host.GetAsync(path, null, ("Sec-Fetch-Mode", "cors"))).Headers["WWW-Authenticate"], StringComparison.Ordinal, "a script's call opens no prompt");
    }

    [TestMethod]
    [DataRow("vera", People.Password, "viewer", "vera")]
    [DataRow("otto", People.Password, "operator", "otto")]
    [DataRow("ada", People.Password, "admin", "ada")]
    [DataRow("dora", "a-long-password-of-dora", "admin", "dora")]
    [DataRow("", ApiHost.ViewerKey, "viewer", "vera")]
    [DataRow("whoever", ApiHost.OperatorKey, "operator", "otto")]
    public async Task A_session_lasts_from_sign_in_to_sign_out(string name, string secret, string role, string shown)
    {
        await using var host = await StartAsync();
        var session = new WebSession(host);

        var answer = await session.SignInAsync(name, secret, "/ui/nowhere?x=1");
        Assert.AreEqual(303, answer.Status);
        Assert.AreEqual("/ui/nowhere?x=1", answer.Headers["Location"]);
        var page = await session.GetAsync("/ui/nowhere");
        Assert.AreEqual(404, page.Status);
        Assert.Contains($"{shown} · {role}", System.Net.WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.AreEqual(200, (await session.GetAsync("/api/v1/health/spotify")).Status);

        var copy = session.Cookie;
        var left = await session.SignOutAsync();
        Assert.AreEqual("/ui/sign-in?out", left.Headers["Location"]);
        Assert.AreEqual("", session.SessionCookie);
        Assert.AreEqual(401, (await host.GetAsync("/ui/nowhere", null, ("Cookie", copy))).Status, "nor does a copy come in");
        Assert.Contains("signed out", (await session.GetAsync("/ui/sign-in?out")).Text, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task The_session_cookie_is_limited_to_host_and_lifetime()
    {
        await using var host = await StartAsync(("TRUSTED_PROXIES", "127.0.0.1"), ("UI_SESSION_TTL_MINUTES", "7"));

        var plain = (await new WebSession(host).SignInAsync("ada", People.Password)).Headers["Set-Cookie"];
        foreach (var part in new[] { "harmony.session=", "path=/", "samesite=strict", "httponly" })
            Assert.Contains(part, plain, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", plain, StringComparison.OrdinalIgnoreCase);
        var session = new WebSession(host);
        var token = await session.TokenAsync("/ui/sign-in");
        var behindTls = await session.PostAsync(
            "/ui/sign-in", [new("name", "ada"), new("secret", People.Password), new("__RequestVerificationToken", token)], ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "192.0.2.7"));
        Assert.Contains("secure", behindTls.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);

        var options = host.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Sessions.Scheme);
        Assert.AreEqual(TimeSpan.FromMinutes(7), options.ExpireTimeSpan);
        Assert.IsFalse(options.SlidingExpiration);
    }

    [TestMethod]
    public async Task A_failed_sign_in_hides_the_wrong_part()
    {
        await using var host = await StartAsync();

        var (wrongName, wrongPassword) = (await new WebSession(host).SignInAsync("nobody", "wrong"), await new WebSession(host).SignInAsync("ada", "wrong"));

        foreach (var answer in new[] { wrongName, wrongPassword })
        {
            Assert.AreEqual(401, answer.Status);
            Assert.Contains("That name and password, or that API key, is not right.", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("value=\"wrong\"", answer.Text, StringComparison.Ordinal);
        }

        Assert.AreEqual(Bare(wrongName, "nobody"), Bare(wrongPassword, "ada"));
    }

    [TestMethod]
    [DataRow("https://attacker.example/ui")]
    [DataRow("//attacker.example/ui")]
    [DataRow("/\\attacker.example")]
    [DataRow("/uix")]
    [DataRow("/ui\r\nX: y")]
    [DataRow("javascript:alert(1)")]
    [DataRow("/api/v1/jobs")]
    [DataRow("/ui/sign-in?return=/ui/sign-in")]
    [DataRow("")]
    public async Task Sign_in_never_redirects_to_another_site(string back)
    {
        await using var host = await StartAsync();

        Assert.AreEqual("/ui", (await new WebSession(host).SignInAsync("vera", People.Password, back)).Headers["Location"]);
    }

    [TestMethod]
    public async Task Password_guesses_are_limited_to_five_hashes()
    {
        await using var host = await StartAsync();
        var users = host.Services.GetRequiredService<ApiKeyStore>().Users;
        var inside = await WebSession.OfAsync(host, "vera");
        var before = users.HashesMade;
        var memory = GC.GetTotalMemory(forceFullCollection: true);

        var answers = new List<Answer>();
        for (var i = 0; i < 2000; i += 50)
            answers.AddRange(await Task.WhenAll(Enumerable.Range(i, 50).Select(n => host.GetAsync("/ui/nowhere", null, ApiHost.Basic("ada", $"guess-{n.ToString(CultureInfo.InvariantCulture)}")))));

        var hashes = users.HashesMade - before;
        Assert.IsTrue(answers.TrueForAll(a => a.Status is 401 or 429), "nothing else");
        Assert.AreEqual(hashes, answers.Count(a => a.Status == 401));
        Assert.IsLessThan(20, hashes, "five are free, then one for each wait that is over");
        Assert.IsTrue(answers.Where(a => a.Status == 429).All(a => int.Parse(a.Headers["Retry-After"], CultureInfo.InvariantCulture) > 0));
        Assert.IsLessThan(32L << 20, GC.GetTotalMemory(forceFullCollection: true) - memory);
        // A wait may be over at this very moment: what follows needs one that is not.
        var lately = answers[^1];
        while (lately.Status != 429 || int.Parse(lately.Headers["Retry-After"], CultureInfo.InvariantCulture) < 4)
        {
            await Task.Delay(20);
            lately = await host.GetAsync("/ui/nowhere", null, ApiHost.Basic("ada", "one-more-guess"));
        }

        Assert.AreEqual(429, (await new WebSession(host).SignInAsync("ada", People.Password)).Status, "the form is the same door");
        Assert.AreEqual(429, (await host.GetAsync("/api/v1/health/spotify", "guess-guess-guess-1")).Status, "so are keys");
        Assert.AreEqual(404, (await inside.GetAsync("/ui/nowhere")).Status, "a session goes on");
        Assert.AreEqual(404, (await host.GetAsync("/ui/nowhere", null, ApiHost.Basic("vera", People.Password))).Status, "what came in from there before still does");
    }

    [TestMethod]
    public async Task Key_guesses_are_limited()
    {
        await using var host = await StartAsync();
        var statuses = new List<int>();
        for (var i = 0; i < 7; i++)
            statuses.Add((await host.GetAsync("/api/v1/health/spotify", $"guess-guess-guess-{i.ToString(CultureInfo.InvariantCulture)}")).Status);

        CollectionAssert.AreEqual(new[] { 403, 403, 403, 403, 403, 429, 429 }, statuses);
        Assert.AreEqual(200, (await host.GetAsync("/live", ApiHost.ViewerKey)).Status, "what needs no key needs no patience");
        Assert.AreEqual("RATE_LIMITED", (await host.GetAsync("/api/v1/health/spotify", ApiHost.AdminKey)).Code);
    }

    [TestMethod]
    public async Task Other_names_with_a_valid_key_allow_no_guesses()
    {
        await using var host = await StartAsync();
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            for (var guess = 0; guess < 3; guess++)
                statuses.Add((await host.GetAsync("/ui/nowhere", null, ApiHost.Basic("ada", $"guess {i} {guess}"))).Status);
            statuses.Add((await host.GetAsync("/ui/nowhere", null, ApiHost.Basic($"name{i}", ApiHost.ViewerKey))).Status);
        }

        // Three tries, the key, and from then on the five that everybody has.
        CollectionAssert.AreEqual(new[] { 401, 401, 401, 404, 401, 401, 401, 404, 401, 401, 429, 404, 429, 429, 429, 404 }, statuses);
    }

    [TestMethod]
    [DataRow("Basic")]
    [DataRow("Basic !!!!")]
    [DataRow("Basic bm8tY29sb24=")]
    [DataRow("Basic ////")]
    [DataRow("Basic YTpi YTpi")]
    [DataRow("Basic w6Q6w6Q=:w6Q=")]
    [DataRow("TEN KILOBYTES")]
    public async Task A_malformed_password_is_refused(string header)
    {
        await using var host = await StartAsync();

        var answer = await host.GetAsync("/ui/nowhere", null, ("Authorization", header == "TEN KILOBYTES" ? $"Basic {new string('Q', 10_000)}" : header));

        Assert.IsTrue(answer.Status == 401, answer.Text);
        Assert.DoesNotContain("QQQQ", answer.Text, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_forwarded_address_from_an_untrusted_client_is_ignored()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 6; i++)
            await host.GetAsync("/ui/nowhere", null, ApiHost.Basic("ada", "wrong"), ("X-Forwarded-For", $"192.0.2.{i.ToString(CultureInfo.InvariantCulture)}"));

        Assert.AreEqual(429, (await host.GetAsync("/ui/nowhere", null, ApiHost.Basic("ada", "wrong"), ("X-Forwarded-For", "127.0.0.1"))).Status);
    }

    [TestMethod]
    [DataRow("/metrics")]
    [DataRow("/api/v1/metrics")]
    [DataRow("/api/v1/jobs")]
    [DataRow("/ui")]
    [DataRow("/ui/live?page=/nothing")]
    [DataRow("/ui/covers/1")]
    [DataRow("/hangfire")]
    [DataRow("/hangfire/jobs/failed")]
    [DataRow("/nowhere")]
    public async Task Every_surface_requires_the_same_credential(string path)
    {
        await using var host = await StartAsync();
        var session = await WebSession.OfAsync(host, "vera");

        Assert.AreEqual(401, (await host.GetAsync(path)).Status);
        foreach (var answer in new[] { await host.GetAsync(path, ApiHost.ViewerKey), await session.GetAsync(path) })
            Assert.IsFalse(answer.Status is 401 or 403 or 303, $"{path}: {answer.Status}");
        if (path.StartsWith("/ui", StringComparison.Ordinal) || path.StartsWith("/hangfire", StringComparison.Ordinal))
            Assert.AreNotEqual(401, (await host.GetAsync(path, null, ApiHost.Basic("vera", People.Password))).Status);
        else
            Assert.AreEqual(401, (await host.GetAsync(path, null, ApiHost.Basic("vera", People.Password))).Status, "passwords are for pages");
    }

    [TestMethod]
    public async Task Open_mode_has_no_sign_in_form()
    {
        await using var host = await ApiHost.StartAsync();

        Assert.AreEqual("/ui", (await host.GetAsync("/ui/sign-in")).Headers["Location"]);
        Assert.DoesNotContain("Sign out", (await host.GetAsync("/ui/nowhere")).Text, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Refusals_are_audited_up_to_a_limit()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await StartAsync(database);
        var session = await WebSession.OfAsync(host, "vera");
        var token = await session.TokenAsync("/ui/nowhere");

        Assert.AreEqual(403, (await session.PostAsync("/ui/jobs/1/requeue", [new("__RequestVerificationToken", token)])).Status);
        Assert.AreEqual(403, (await host.PostAsync("/api/v1/pauses", "{\"scope\":\"lane\",\"name\":\"operator\"}", ApiHost.ViewerKey)).Status);
        Assert.AreEqual(403, (await host.PostAsync("/api/v1/dlq/purge", "{}", ApiHost.OperatorKey)).Status);
        Assert.AreEqual(403, (await host.PostAsync("/api/v1/dlq/requeue", "{\"kind\":\"noop\"}", ApiHost.OperatorKey)).Status, "a whole filter is for admins");
        Assert.AreEqual(200, (await host.PostAsync("/api/v1/dlq/requeue", "{\"ids\":[1]}", ApiHost.OperatorKey)).Status, "chosen ones are not");
        var rows = await RowsAsync(database);
        CollectionAssert.AreEqual(
            new[] { "user:vera POST /ui/jobs/1/requeue viewer", "key:vera POST /api/v1/pauses viewer", "key:otto POST /api/v1/dlq/purge operator", "key:otto POST /api/v1/dlq/requeue operator" }, rows.ToList());

        for (var i = 0; i < 30; i++)
            await host.PostAsync("/api/v1/dlq/purge", "{}", ApiHost.OperatorKey);
        Assert.HasCount(4, await RowsAsync(database), "the same again is one row");
        for (var i = 0; i < 60; i++)
            await host.PostAsync($"/api/v1/jobs/{i.ToString(CultureInfo.InvariantCulture)}/cancel", "{}", ApiHost.ViewerKey);
        Assert.HasCount(3 + Refusals.MostAtOnce, await RowsAsync(database));
    }

    [TestMethod]
    public async Task A_refusal_without_a_database_is_still_403()
    {
        await using var host = await StartAsync();

        Assert.AreEqual(403, (await host.PostAsync("/api/v1/dlq/purge", "{}", ApiHost.ViewerKey)).Status);
    }

    [TestMethod]
    public async Task Sign_ins_and_sign_outs_are_counted()
    {
        await using var host = await StartAsync();
        var before = await CountsAsync(host);
        var session = await WebSession.OfAsync(host, "otto");
        await session.SignOutAsync();
        var after = await CountsAsync(host);

        foreach (var counter in new[] { "ui_sessions_created_total{role=\"operator\"}", "ui_sessions_terminated_total{reason=\"signed_out\",role=\"operator\"}" })
            Assert.IsGreaterThan(before[counter], after[counter], counter);
        Assert.IsTrue(after.ContainsKey("ui_sessions_terminated_total{reason=\"expired\",role=\"viewer\"}"), "the zero comes first");
    }

    [TestMethod]
    public async Task A_cross_site_link_finds_the_session_after_refresh()
    {
        await using var host = await StartAsync();

        var page = await host.GetAsync("/ui/sign-in?return=%2Fui%2Fjobs", null, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"));
        Assert.Contains("http-equiv=\"refresh\" content=\"0;url=/ui/sign-in?return=%2Fui%2Fjobs\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", (await host.GetAsync("/ui/sign-in?return=%2Fui%2Fjobs", null, ("Sec-Fetch-Site", "same-origin"))).Text, StringComparison.Ordinal);
        var session = await WebSession.OfAsync(host, "vera");
        Assert.AreEqual("/ui/jobs", (await session.GetAsync("/ui/sign-in?return=%2Fui%2Fjobs")).Headers["Location"]);
    }

    private static Task<ApiHost> StartAsync(params (string Name, string Value)[] more) => StartAsync(null, more);

    private static Task<ApiHost> StartAsync(TestDatabase? database, params (string Name, string Value)[] more) => ApiHost.StartAsync(
        database,
        [
            ("HARMONY_API_KEYS", ApiHost.Keys), ("HARMONY_UI_USERS", People.Users), ("HANGFIRE_DASHBOARD_USER", "dora"), ("HANGFIRE_DASHBOARD_PASSWORD", "a-long-password-of-dora"), .. more,
        ]);

    // Two answers differ in the token and in the name that was typed, and in nothing else.
    private static string Bare(Answer answer, string name) =>
        System.Text.RegularExpressions.Regex.Replace(answer.Text, "(?<=RequestVerificationToken\" value=\")[^\"]+", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))
            .Replace($"value=\"{name}\"", "", StringComparison.Ordinal);

    private static Task<IReadOnlyList<string>> RowsAsync(TestDatabase database) => database.Database.QueryAsync<string>(
        "select concat_ws(' ', actor, target, detail ->> 'role') from harmony.operator_action where action = 'refused' order by action_id", null, CancellationToken.None);

    private static async Task<Dictionary<string, double>> CountsAsync(ApiHost host) =>
        (await host.GetAsync("/metrics", ApiHost.ViewerKey)).Text.Split('\n')
            .Where(l => l.StartsWith("ui_sessions_", StringComparison.Ordinal))
            .Select(l => l.Split(' '))
            .ToDictionary(p => p[0], p => double.Parse(p[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
