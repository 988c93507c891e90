using System.Security.Claims;
using Harmony.Api.Configuration;
using Harmony.Api.Hosting;
using Harmony.Api.Http.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Tests.Pure;

/// <summary>What is kept, under which name, for how long, and what makes it go.</summary>
[TestClass]
public sealed class ResponseCacheTests
{
    private static readonly CacheTimes Times = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
    private readonly FakeTimeProvider _clock = new();

    [TestMethod]
    [DataRow("", "/api/v1/artists/spotify:a", true)]
    [DataRow("", "/API/v1/Artists/spotify:a/", true)]
    [DataRow("", "/api/v1/artists/watchlist", false)]
    [DataRow("", "/api/v1/artists/spotify:a/audit", false)]
    [DataRow("", "/artists/spotify:a", false)]
    [DataRow("/lanes", "/api/v1/lanes\n", false)]
    [DataRow("/library/.+", "/api/v1/library/x/y", true)]
    [DataRow("/library/.+", "/api/v1/artists/spotify:a", false)]
    [DataRow("^/api/v1/library/[a-z]+$|5; /lanes||9", "/api/v1/library/x", true)]
    [DataRow("^/api/v1/library/[a-z]+$|5; /lanes||9", "/api/v1/lanes", true)]
    [DataRow("/a", "/api/v1/ab", false)]
    public void A_rule_matches_a_whole_path(string rules, string path, bool kept) =>
        Assert.AreEqual(kept, OptionsOf(("CACHEABLE_PATHS", rules)).For(path) is not null);

    [TestMethod]
    [DataRow("lanes")]
    [DataRow("/a(")]
    [DataRow("/(?!x)a")]
    [DataRow("/a|-1")]
    [DataRow("/a|1|86401")]
    [DataRow("/a|1|2|3")]
    [DataRow("/a|b")]
    [DataRow(" ; ,")]
    public void A_malformed_rule_fails_the_start(string rules)
    {
        var problem = SettingsOf([("CACHEABLE_PATHS", rules)]).Problems.Single();

        Assert.AreEqual("CACHEABLE_PATHS", problem.Component);
        Assert.Contains("regex|ttl|stale", problem.Fix, StringComparison.Ordinal);
    }

    [TestMethod]
    public void The_least_recently_used_answer_is_evicted_first()
    {
        var cache = CacheOf(("CACHE_MAX_ITEMS", "3"));
        foreach (var key in new[] { "a", "b", "c" })
            Keep(cache, key);
        Assert.IsInstanceOfType<Found.Fresh>(cache.Find(Digest("a")));
        Keep(cache, "d");
        Keep(cache, "d");

        Assert.AreEqual(3, cache.Count);
        Assert.IsInstanceOfType<Found.Nothing>(cache.Find(Digest("b")));
        foreach (var key in new[] { "a", "c", "d" })
            Assert.IsInstanceOfType<Found.Fresh>(cache.Find(Digest(key)), key);
    }

    [TestMethod]
    public void The_total_size_of_bodies_is_limited()
    {
        var cache = CacheOf();
        var large = new byte[ResponseCacheOptions.LargestBody];
        for (var i = 0; i < 100; i++)
            Keep(cache, $"{i}", body: large);

        Assert.AreEqual(63, cache.Count, "64 MiB, and a little for each");
        Assert.AreEqual(63, cache.EvictAll(Eviction.Asked));
        Keep(cache, "again", body: large);
        Assert.AreEqual(1, cache.Count, "what went takes no room any more");
    }

    [TestMethod]
    public void One_request_revalidates_while_others_get_stale_answers()
    {
        var cache = CacheOf();
        Keep(cache, "a");
        _clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.AreEqual(29.9, ((Found.Fresh)cache.Find(Digest("a"))).Age.TotalSeconds, 0.01);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.IsInstanceOfType<Found.Turn>(cache.Find(Digest("a")));
        Assert.IsInstanceOfType<Found.Stale>(cache.Find(Digest("a")));
        cache.Asked(Digest("a"));
        Assert.IsInstanceOfType<Found.Turn>(cache.Find(Digest("a")), "it came to nothing, somebody else tries");
        Keep(cache, "a");
        Assert.IsInstanceOfType<Found.Fresh>(cache.Find(Digest("a")));

        _clock.Advance(TimeSpan.FromSeconds(90));
        Assert.IsInstanceOfType<Found.Nothing>(cache.Find(Digest("a")));
        Assert.AreEqual(0, cache.Count);
    }

    [TestMethod]
    public void An_answer_requested_before_an_eviction_is_not_kept()
    {
        var cache = CacheOf();
        var before = cache.Generation;
        cache.Evict("spotify:somebody-else");

        Assert.IsFalse(cache.Keep(Answer("a", "/api/v1/artists/spotify:a"), before));
        Assert.IsTrue(cache.Keep(Answer("a", "/api/v1/artists/spotify:a"), cache.Generation));
    }

    [TestMethod]
    public void An_eviction_removes_answers_of_one_artist_only()
    {
        var cache = CacheOf();
        foreach (var path in new[] { "/api/v1/artists/spotify:1", "/API/V1/artists/spotify:1/", "/api/v1/artists/spotify:1/more", "/api/v1/artists/spotify:12", "/api/v1/lanes" })
            cache.Keep(Answer(path, path), cache.Generation);

        Assert.AreEqual(3, cache.Evict("spotify:1"));
        Assert.AreEqual(0, cache.Evict("spotify:1"));
        Assert.AreEqual(1, cache.EvictPrefix("/api/v1/artists"));
        Assert.AreEqual(1, cache.Count);
    }

    [TestMethod]
    public void Caller_and_query_are_the_cache_key()
    {
        var key = KeyOf("/a", "?x=1&y=2&y=3", "key:ann", "viewer");

        Assert.AreEqual(key, KeyOf("/a", "?Y=2&X=1&y=3", "key:ann", "viewer"));
        var others = new[]
        {
            key, KeyOf("/b", "?x=1&y=2&y=3", "key:ann", "viewer"), KeyOf("/a", "?x=1&y=3&y=2", "key:ann", "viewer"), KeyOf("/a", "?x=1&y=2,3", "key:ann", "viewer"),
            KeyOf("/a", "?x=1%26y%3D2&y=3", "key:ann", "viewer"), KeyOf("/a", "?x=1&y=2&y=3", "key:bob", "viewer"), KeyOf("/a", "?x=1&y=2&y=3", "key:ann", "viewer", "operator"),
            KeyOf("/a", "?x=1&y=2&y=3", "user:ann", "viewer"), KeyOf("/a&x=1", "?y=2&y=3", "key:ann", "viewer"), KeyOf("/a", "?x=1&y=2&y=3", "key:ann\nviewer"),
        };
        Assert.HasCount(others.Length, others.Distinct().ToList());
    }

    [TestMethod]
    [DataRow("\"x\"", "\"x\"", true)]
    [DataRow("W/\"x\"", "\"x\"", true)]
    [DataRow("\"x\"", "W/\"x\"", true)]
    [DataRow("\"a,b\", W/\"x\"", "\"x\"", true)]
    [DataRow("*", "\"x\"", true)]
    [DataRow("\"X\"", "\"x\"", false)]
    [DataRow("x", "\"x\"", false)]
    [DataRow("", "\"x\"", false)]
    public void A_listed_ETag_matches(string header, string tag, bool known) => Assert.AreEqual(known, EntityTag.IsKnown(header, tag));

    private static string KeyOf(string path, string query, string actor, params string[] roles)
    {
        var context = new DefaultHttpContext { User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, actor), .. roles.Select(r => new Claim(ClaimTypes.Role, r))], "test")) };
        context.Request.Path = path;
        context.Request.QueryString = new(query);
        return AnswerKey.Of(context);
    }

    private static ResponseCacheOptions OptionsOf(params (string Name, string Value)[] environment) => new(SettingsOf(environment));

    private static Settings SettingsOf((string Name, string Value)[] environment) =>
        Settings.From(environment.ToDictionary(e => e.Name, e => e.Value), new Dictionary<string, string>(), HarmonySetup.Names);

    private ResponseCache CacheOf(params (string Name, string Value)[] environment) => new(OptionsOf(environment), _clock, NullLogger<ResponseCache>.Instance);

    private void Keep(ResponseCache cache, string key, byte[]? body = null) => Assert.IsTrue(cache.Keep(Answer(key, $"/{key}", body), cache.Generation));

    private CachedAnswer Answer(string key, string path, byte[]? body = null) => new(Digest(key), path, path, Times, "\"t\"", [], body ?? [], _clock.GetTimestamp());

    private static string Digest(string name) => name.PadRight(64, '.');
}
