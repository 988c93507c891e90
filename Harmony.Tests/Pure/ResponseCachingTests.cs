using System.Text;
using Harmony.Api.Configuration;
using Harmony.Api.Hosting;
using Harmony.Api.Http.Caching;
using Harmony.Data.Notices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Harmony.Tests.Pure;

/// <summary>The cache in front of endpoints of every kind: what it may keep, and what it must only pass on.</summary>
[TestClass]
public sealed class ResponseCachingTests
{
    private const string Tag = "W/\"44136fa355b3678a1146ad16f7e8649e\"";

    [TestMethod]
    [DataRow("application/json; charset=utf-8", 200, "", "", true)]
    [DataRow("application/json", 200, "Vary", "accept-encoding", true)]
    [DataRow("application/json", 200, "Cache-Control", "max-age=5", true)]
    [DataRow("text/html", 200, "", "", false)]
    [DataRow("application/json-seq", 200, "", "", false)]
    [DataRow("application/json", 201, "", "", false)]
    [DataRow("application/json", 404, "", "", false)]
    [DataRow("application/json", 200, "Set-Cookie", "a=b", false)]
    [DataRow("application/json", 200, "Cache-Control", "private, no-store", false)]
    [DataRow("application/json", 200, "Vary", "Accept", false)]
    [DataRow("application/json", 200, "Content-Encoding", "br", false)]
    public async Task Only_complete_shareable_JSON_is_cached(string type, int status, string header, string value, bool kept)
    {
        var place = new Place(response =>
        {
            (response.StatusCode, response.ContentType) = (status, type);
            if (header.Length > 0)
                response.Headers[header] = value;
            return response.WriteAsync("{}");
        });

        foreach (var again in new[] { false, true })
        {
            var (answer, text) = await place.AskAsync();
            Assert.AreEqual("{}", text);
            Assert.AreEqual(status, answer.StatusCode);
            Assert.AreEqual(again && kept ? "0" : "", answer.Headers.Age.ToString());
            Assert.AreEqual(header is "Cache-Control" or "Set-Cookie" or "Content-Encoding" ? value : "", header is "" or "Vary" ? "" : answer.Headers[header].ToString());
        }

        Assert.AreEqual(kept ? 1 : 2, place.Calls);
    }

    [TestMethod]
    public async Task Streams_and_large_bodies_are_sent_immediately()
    {
        var sent = new List<long>();
        var started = new List<bool>();
        Place place = null!;
        place = new Place(async response =>
        {
            response.ContentType = sent.Count == 0 ? "application/json" : "text/event-stream";
            await response.StartAsync();
            started.Add(place.Sent.IsFlushed);
            foreach (var part in new[] { 1, ResponseCacheOptions.LargestBody, 1 })
            {
                await response.WriteAsync(new string('x', part));
                await response.Body.FlushAsync();
                sent.Add(place.Sent.Length);
            }
        });

        var (_, json) = await place.AskAsync();
        Assert.AreEqual(ResponseCacheOptions.LargestBody + 2, json.Length);
        var (_, stream) = await place.AskAsync();

        Assert.AreEqual(json.Length, stream.Length);
        CollectionAssert.AreEqual(new[] { false, true }, started, "the head of a stream does not wait for its first word");
        CollectionAssert.AreEqual(new long[] { 0, json.Length - 1, json.Length, 1, json.Length - 1, json.Length }, sent);
    }

    [TestMethod]
    public async Task A_matching_ETag_is_answered_with_304()
    {
        foreach (var (strategy, tag) in new[] { ("weak", Tag), ("strong", Tag[2..]) })
        {
            var place = new Place(Json, ("CACHE_STRATEGY_ETAG", strategy));

            var (first, _) = await place.AskAsync(("If-None-Match", Tag));
            var (second, text) = await place.AskAsync(("If-None-Match", "\"else\", *"));

            Assert.AreEqual((304, 304, ""), (first.StatusCode, second.StatusCode, text));
            Assert.AreEqual(tag, first.Headers.ETag.ToString());
            Assert.AreEqual(tag, second.Headers.ETag.ToString());
            Assert.IsNull(second.ContentLength);
            Assert.AreEqual(1, place.Calls);
        }
    }

    [TestMethod]
    public async Task A_caller_can_refuse_cached_or_stored_answers()
    {
        var place = new Place(Json);
        foreach (var (wish, calls) in new[] { ("no-store", 1), ("", 2), ("max-age=60", 2), ("no-cache", 3), ("max-age=0", 4), ("", 4), ("no-store", 5) })
        {
            await place.AskAsync(("Cache-Control", wish));
            Assert.AreEqual(calls, place.Calls, wish);
        }

        await place.AskAsync(("Pragma", "no-cache"));
        Assert.AreEqual(6, place.Calls);
    }

    [TestMethod]
    public async Task An_error_passes_and_keeps_the_cached_answer()
    {
        var (status, broken) = (200, false);
        var place = new Place(
            async response =>
            {
                response.StatusCode = status;
                await Json(response);
                if (broken)
                    throw new TimeoutException("half way");
            },
            ("CACHE_DEFAULT_TTL_S", "0"));
        await place.AskAsync();

        broken = true;
        for (var i = 0; i < 2; i++)
            await Assert.ThrowsExactlyAsync<TimeoutException>(() => place.AskAsync());
        Assert.AreEqual(1, place.Cache.Count);
        Assert.AreEqual(0, place.Sent.Length, "what was half made is not sent");
        broken = false;
        status = 404;
        Assert.AreEqual(404, (await place.AskAsync()).Answer.StatusCode);

        Assert.AreEqual(0, place.Cache.Count);
    }

    [TestMethod]
    public async Task A_cache_fault_is_logged_and_bypassed_by_default()
    {
        var open = new Place(Json) { Clock = { IsBroken = true } };
        var closed = new Place(Json, ("CACHE_FAIL_OPEN", "false")) { Clock = { IsBroken = true } };

        Assert.AreEqual("{}", (await open.AskAsync()).Text);
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => closed.AskAsync());

        Assert.Contains("cache.error", open.Log.Names);
        Assert.Contains("cache.error", closed.Log.Names);
        Assert.AreEqual(0, closed.Calls);
    }

    [TestMethod]
    [DataRow("true", "cache.miss cache.hit cache.expired cache.evict cache.miss cache.evict cache.miss cache.evict")]
    [DataRow("false", "cache.miss cache.hit cache.expired cache.miss cache.miss")]
    public async Task The_log_shows_the_cache_result(string evictions, string told)
    {
        var place = new Place(Json, ("CACHE_LOG_EVICTIONS", evictions), ("CACHE_MAX_ITEMS", "1"));
        await place.AskAsync();
        await place.AskAsync();
        place.Clock.Seconds += 31;
        await place.AskAsync();
        place.Cache.EvictAll(Eviction.Asked);
        await place.AskAsync();
        place.Clock.Seconds += 90;
        await place.AskAsync();
        place.Cache.EvictAll(Eviction.Asked);

        Assert.AreEqual(told, string.Join(' ', place.Log.Names));
        Assert.Contains("KeyHash=", place.Log.Lines[0], StringComparison.Ordinal);
        Assert.Contains("PathTemplate=/api/v1/artists/{key} Ttl=30", place.Log.Lines[0], StringComparison.Ordinal);
    }

    private static Task Json(HttpResponse response)
    {
        response.ContentType = "application/json";
        return response.WriteAsync("{}");
    }

    /// <summary>The middleware between a caller and one endpoint, with a clock that can be set and broken.</summary>
    private sealed class Place
    {
        private readonly ResponseCaching _caching;
        private readonly Endpoint _endpoint = new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/api/v1/artists/{key}"), 0, null, null);

        public Place(Func<HttpResponse, Task> endpoint, params (string Name, string Value)[] environment)
        {
            var settings = Settings.From(
                environment.Append(("CACHE_WRITE_THROUGH", "false")).ToDictionary(e => e.Item1, e => e.Item2), new Dictionary<string, string>(), HarmonySetup.Names);
            using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
            var compression = new ResponseCompressionProvider(services, Options.Create(new ResponseCompressionOptions()));
            Cache = new ResponseCache(new(settings), Clock, Log.For<ResponseCache>());
            var listener = new EvictionListener(new NoticeListener(() => new(), [], TimeSpan.FromSeconds(1), Clock), Cache, Clock, NullLogger<EvictionListener>.Instance);
            _caching = new(
                context =>
                {
                    Calls++;
                    return endpoint(context.Response);
                },
                Cache, listener, new AnswerWriter(compression), Clock, Log.For<ResponseCaching>());
        }

        public ResponseCache Cache { get; }

        public BreakableClock Clock { get; } = new();

        public Told Log { get; } = new();

        public int Calls { get; private set; }

        public SentStream Sent { get; private set; } = new();

        public async Task<(HttpResponse Answer, string Text)> AskAsync(params (string Name, string Value)[] headers)
        {
            Sent = new();
            var context = new DefaultHttpContext();
            context.Request.Method = "GET";
            context.Request.Path = "/api/v1/artists/spotify:a";
            foreach (var (name, value) in headers)
                context.Request.Headers[name] = value;
            context.Response.Body = Sent;
            context.SetEndpoint(_endpoint);
            await _caching.InvokeAsync(context);
            await context.Response.BodyWriter.FlushAsync();
            return (context.Response, Encoding.UTF8.GetString(Sent.ToArray()));
        }
    }

    private sealed class SentStream : MemoryStream
    {
        public bool IsFlushed { get; private set; }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            IsFlushed = true;
            return Task.CompletedTask;
        }
    }

    private sealed class BreakableClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public long Seconds { get; set; } = 1;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => IsBroken ? throw new InvalidOperationException("no time") : Seconds;
    }

    private sealed class Told
    {
        public List<string> Names { get; } = [];

        public List<string> Lines { get; } = [];

        public ILogger<T> For<T>() => new Pen<T>(this);

        private sealed class Pen<T>(Told told) : ILogger<T>
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                told.Names.Add(eventId.Name!);
                told.Lines.Add(string.Join(' ', ((IReadOnlyList<KeyValuePair<string, object?>>)state!).Select(p => $"{p.Key}={p.Value}")));
            }
        }
    }
}
