using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using Harmony.Api.Access;
using Harmony.Tests.Postgres;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Harmony.Tests.Http;

/// <summary>What a page elsewhere, or whoever got hold of half a session, can make a signed-in operator's browser send: nothing comes of it.</summary>
[TestClass]
public sealed class CsrfTests
{
    private const string Form = "/ui/lanes/operator/pause";
    private const string Rest = "/api/v1/jobs";
    private const string Noop = "{\"kind\":\"noop\"}";
    private const string TokenField = "__RequestVerificationToken";
    private const string TokenHeader = "RequestVerificationToken";

    private static readonly Dictionary<string, (int Status, Func<Scene, Task<Answer>> Send)> Cases = new(StringComparer.Ordinal)
    {
        ["a form without a token"] = (403, s => s.FormAsync(null)),
        ["a form with its token, from another origin"] = (403, s => s.FormAsync(s.Token, ("Origin", "https://attacker.example"))),
        ["a form with its token, from no origin"] = (403, s => s.FormAsync(s.Token, ("Origin", "null"))),
        ["a form with its token, from another scheme"] = (403, s => s.FormAsync(s.Token, ("Origin", $"https://{s.Host.Address.Authority}"))),
        ["a form that says it is cross-site"] = (403, s => s.FormAsync(s.Token, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"))),
        ["a form of a sibling site"] = (403, s => s.FormAsync(s.Token, ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "navigate"))),
        ["a form under a rebound name"] = (401, s => s.FormAsync(s.Token, ("Host", $"attacker.example:{s.Host.Address.Port}"), ("Origin", $"http://attacker.example:{s.Host.Address.Port}"))),
        ["a JSON call under a rebound name"] = (401, s => s.JsonAsync((TokenHeader, s.Token), ("Host", "attacker.example"))),
        ["the token of another session of the same user"] = (403, s => s.FormAsync(s.TokenOfAnother)),
        ["token and form cookie of another session"] = (403, s => s.FormAsync(s.TokenOfAnother, $"{s.Session.CookieOf("harmony.session")}; {s.Another.CookieOf("harmony.form")}")),
        ["a token of the sign-in page"] = (403, s => s.FormAsync(s.TokenOfNobody)),
        ["a token without any cookie"] = (401, s => s.FormAsync(s.Token, "")),
        ["a token without the session's cookie"] = (401, s => s.FormAsync(s.Token, s.Session.CookieOf("harmony.form"))),
        ["a token without the form's cookie"] = (403, s => s.FormAsync(s.Token, s.Session.CookieOf("harmony.session"))),
        ["a token in the address"] = (403, s => s.PostAsync($"{Form}?{TokenField}={Uri.EscapeDataString(s.Token)}", new FormUrlEncodedContent([]))),
        ["JSON to the API without a token"] = (403, s => s.JsonAsync()),
        ["JSON to the API as text/plain"] = (403, s => s.PostAsync(Rest, new StringContent(Noop, Encoding.UTF8, "text/plain"))),
        ["JSON to the API without a type"] = (403, s => s.PostAsync(Rest, new ByteArrayContent(Encoding.UTF8.GetBytes(Noop)))),
        ["a form to the API"] = (403, s => s.PostAsync(Rest, new FormUrlEncodedContent([new("kind", "noop")]))),
        ["a delete at the API"] = (403, s => s.Host.SendAsync(HttpMethod.Delete, "/api/v1/pauses/kind/lyrics", null, null, ("Cookie", s.Session.Cookie))),
        ["another method in a header"] = (404, s => s.Host.GetAsync(Form, null, ("Cookie", s.Session.Cookie), ("X-HTTP-Method-Override", "POST"), ("X-HTTP-Method", "POST"), ("X-Method-Override", "POST"))),
        ["another method in a field"] = (403, s => s.PostAsync("/api/v1/pauses/kind/lyrics", new FormUrlEncodedContent([new("_method", "DELETE")]))),
        ["a session that has expired"] = (401, async s => await s.FormAsync(s.Token, await s.ExpiredAsync())),
        ["a session that was signed out of"] = (401, async s => await s.AfterSignOutAsync()),
        ["a cookie of another key ring"] = (401, async s => await s.FormAsync(s.Token, await StrangersCookieAsync())),
        ["a cookie that was changed"] = (401, s => s.FormAsync(s.Token, s.Session.Cookie.Replace("harmony.session=CfDJ8", "harmony.session=CfDJ9", StringComparison.Ordinal))),
        ["a signing in without a token"] = (403, s => s.PostAsync(SignInAddress.Path, new FormUrlEncodedContent([new("name", "ada"), new("secret", People.Password)]))),
        ["a signing out without a token"] = (403, s => s.PostAsync(SignInAddress.Out, new FormUrlEncodedContent([]))),
    };

    private static TestDatabase s_database = null!;
    private static ApiHost s_host = null!;

    public static IEnumerable<object[]> Names => Cases.Keys.Select(name => new object[] { name });

    [ClassInitialize]
    public static async Task StartAsync(TestContext _)
    {
        s_database = await TestDatabase.CreateAsync();
        s_host = await ApiHost.StartAsync(s_database, ("HARMONY_UI_USERS", People.Users));
        await s_database.Database.ExecuteAsync("select harmony.pause('kind', 'lyrics')", null, CancellationToken.None);
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await s_host.DisposeAsync();
        await s_database.DisposeAsync();
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task A_forged_request_changes_nothing(string attack)
    {
        var (status, send) = Cases[attack];
        var scene = await Scene.OfAsync(s_host);
        var before = await EverythingAsync();

        var answer = await send(scene);

        Assert.AreEqual(status, answer.Status, answer.Text);
        Assert.AreEqual(before, await EverythingAsync());
        Assert.DoesNotContain("harmony.session=CfDJ", answer.Headers.GetValueOrDefault("Set-Cookie", ""), StringComparison.Ordinal, "nobody was signed in");
    }

    [TestMethod]
    public async Task A_request_with_token_and_origin_is_done()
    {
        var scene = await Scene.OfAsync(s_host);
        var before = await EverythingAsync();

        Assert.AreEqual(303, (await scene.FormAsync(scene.Token, ("Origin", s_host.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"))).Status);
        var paused = await EverythingAsync();
        Assert.AreNotEqual(before, paused);
        Assert.AreEqual(303, (await scene.PostAsync("/ui/lanes/operator/resume", new FormUrlEncodedContent([new(TokenField, scene.Token)]))).Status);

        var called = await scene.JsonAsync((TokenHeader, scene.Token));
        Assert.IsTrue(called.Status is 200 or 201 or 202, called.Text);
        Assert.AreNotEqual(paused, await EverythingAsync());
    }

    [TestMethod]
    public async Task No_action_answers_a_get()
    {
        var scene = await Scene.OfAsync(s_host);
        var before = await EverythingAsync();
        var actions = s_host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { } methods && !methods.Contains("GET") && e.RoutePattern.RawText != SignInAddress.Path)
            .Select(e => "/" + string.Join('/', e.RoutePattern.RawText!.Trim('/').Split('/').Select(p => p.Contains(":long", StringComparison.Ordinal) ? "1" : p.StartsWith('{') ? "noop" : p)))
            .Distinct()
            .ToList();
        // Addresses that show something when asked, beside taking orders.
        string[] both = ["/api/v1/jobs", "/api/v1/watchlist", "/api/v1/artists/watchlist", "/api/v1/pauses", "/api/v1/schedules", "/api/v1/downloads", "/api/v1/download/1", "/ui/watchlist"];

        Assert.IsGreaterThan(30, actions.Count);
        foreach (var action in actions.Except(both))
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                var answer = await s_host.SendAsync(method, action, null, null, ("Cookie", scene.Session.Cookie));
                Assert.IsTrue(answer.Status is 404 or 405, $"{method} {action}: {answer.Status}");
            }
        }

        Assert.AreEqual(before, await EverythingAsync());
    }

    [TestMethod]
    public async Task A_changed_or_removed_user_loses_the_session()
    {
        var folder = Directory.CreateTempSubdirectory("harmony-ring-").FullName;
        try
        {
            Scene scene;
            await using (var before = await ApiHost.StartAsync(s_database, ("HARMONY_UI_USERS", People.Users), ("HARMONY_KEYS_DIR", folder)))
                scene = await Scene.OfAsync(before);
            var everything = await EverythingAsync();

            // The line of another one stays as it is; otto is gone, has another password, or another role.
            foreach (var (users, status) in new[]
            {
                (People.Line("vera", "viewer"), 401), ($"{People.Line("otto", "operator")}", 401), (People.Users.Replace("otto:operator", "otto:admin", StringComparison.Ordinal), 401), (People.Users, 303),
            })
            {
                await using var after = await ApiHost.StartAsync(s_database, ("HARMONY_UI_USERS", users), ("HARMONY_KEYS_DIR", folder));
                var answer = await (scene with { Host = after }).FormAsync(scene.Token);
                Assert.AreEqual(status, answer.Status, users);
                if (status == 401)
                    Assert.AreEqual(everything, await EverythingAsync());
            }
        }
        finally
        {
            await s_database.Database.ExecuteAsync("select harmony.resume('lane', 'operator')", null, CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> StrangersCookieAsync()
    {
        await using var other = await ApiHost.StartAsync(null, ("HARMONY_UI_USERS", People.Users));
        return (await WebSession.OfAsync(other, "otto")).Cookie;
    }

    private static async Task<string?> EverythingAsync() => await s_database.Database.QueryFirstAsync<string>(
        """
        select concat_ws(' ',
            (select count(*) from harmony.job), (select count(*) from harmony.job_event), (select count(*) from harmony.operator_action),
            (select string_agg(p.scope || p.name, ',' order by p.scope, p.name) from harmony.pause p), (select count(*) from hangfire.state))
        """,
        null,
        CancellationToken.None);

    /// <summary>An operator who is signed in twice, in two browsers.</summary>
    private sealed record Scene(ApiHost Host, WebSession Session, string Token, WebSession Another, string TokenOfAnother, string TokenOfNobody)
    {
        public static async Task<Scene> OfAsync(ApiHost host)
        {
            var (one, two) = (await WebSession.OfAsync(host, "otto"), await WebSession.OfAsync(host, "otto"));
            return new(host, one, await one.TokenAsync("/ui/nowhere"), two, await two.TokenAsync("/ui/nowhere"), await new WebSession(host).TokenAsync(SignInAddress.Path));
        }

        public Task<Answer> FormAsync(string? token, params (string Name, string Value)[] headers) => FormAsync(token, Session.Cookie, headers);

        public Task<Answer> FormAsync(string? token, string cookie, params (string Name, string Value)[] headers) =>
            Host.SendAsync(HttpMethod.Post, Form, null, new FormUrlEncodedContent(token is null ? [] : [new(TokenField, token)]), [("Cookie", cookie), .. headers]);

        public Task<Answer> JsonAsync(params (string Name, string Value)[] headers) =>
            Host.SendAsync(HttpMethod.Post, Rest, null, JsonContent.Create(new { kind = "noop" }), [("Cookie", Session.Cookie), .. headers]);

        public Task<Answer> PostAsync(string path, HttpContent body) => Host.SendAsync(HttpMethod.Post, path, null, body, ("Cookie", Session.Cookie));

        public async Task<string> ExpiredAsync()
        {
            var options = Host.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Sessions.Scheme);
            var ticket = options.TicketDataFormat.Unprotect(Session.SessionCookie)!;
            Assert.AreEqual("user:otto", ticket.Principal.FindFirstValue(ClaimTypes.NameIdentifier));
            Assert.AreEqual(TimeSpan.FromMinutes(480), ticket.Properties.ExpiresUtc - ticket.Properties.IssuedUtc);
            ticket.Properties.ExpiresUtc = TimeProvider.System.GetUtcNow().AddSeconds(-1);
            var cookie = $"harmony.session={options.TicketDataFormat.Protect(ticket)}; {Session.CookieOf("harmony.form")}";
            return await Task.FromResult(cookie);
        }

        public async Task<Answer> AfterSignOutAsync()
        {
            var copy = Session.Cookie;
            Assert.AreEqual(303, (await Session.SignOutAsync()).Status);
            return await FormAsync(Token, copy);
        }
    }
}
