using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace Harmony.Tests.Http;

[TestClass]
public sealed class EnvelopeTests
{
    private static ApiHost _host = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => _host = await ApiHost.StartAsync();

    [ClassCleanup]
    public static async Task StopAsync() => await _host.DisposeAsync();

    [TestMethod]
    [DataRow("{\"kind\":5}", "kind")]
    [DataRow("{\"kind\":\"noop\",\"priority\":\"high\"}", "priority")]
    [DataRow("{\"kind\":\"noop\",\"priority\":2147483648}", "priority")]
    [DataRow("{\"kind\":\"noop\",\"run_at\":\"soon\"}", "run_at")]
    [DataRow("{\"kind\":\"noop\",\"speed\":1}", "speed")]
    [DataRow("{\"$type\":\"System.Diagnostics.Process\",\"kind\":\"noop\"}", "$type")]
    [DataRow("{\"kind\":\"a\",\"kind\":\"b\"}", "kind")]
    [DataRow("{\"kind\":\"noop\",\"args\":[1]}", "args")]
    [DataRow("{\"kind\":\"noop\",\"args\":{\"$type\":\"x\"}}", "args")]
    [DataRow("{\"args\":{}}", "kind")]
    [DataRow("{\"kind\":", "kind")]
    [DataRow("nonsense", "body")]
    [DataRow("", "body")]
    [DataRow("null", "body")]
    public async Task An_invalid_body_names_the_field(string json, string field)
    {
        var answer = await _host.PostAsync("/api/v1/jobs", json);

        Assert.AreEqual(400, answer.Status, answer.Text);
        Assert.AreEqual("VALIDATION_ERROR", answer.Code);
        Assert.AreEqual(field, answer.Field);
    }

    [TestMethod]
    [DataRow("/api/v1/downloads?limit=0", "limit")]
    [DataRow("/api/v1/downloads?limit=101", "limit")]
    [DataRow("/api/v1/downloads?limit=-1", "limit")]
    [DataRow("/api/v1/downloads?limit=2147483648", "limit")]
    [DataRow("/api/v1/downloads?limit=abc", "limit")]
    [DataRow("/api/v1/downloads?status=1;select%20pg_sleep(9)", "status")]
    [DataRow("/api/v1/dlq?page_size=5000", "page_size")]
    [DataRow("/api/v1/dlq?page_size=x", "page_size")]
    [DataRow("/api/v1/dlq?order_by=1;select%20pg_sleep(9)", "order_by")]
    [DataRow("/api/v1/jobs?cursor=x", "cursor")]
    [DataRow("/api/v1/jobs?state=Sleeping", "state")]
    [DataRow("/api/v1/artists/';DROP%20TABLE--", "key")]
    public async Task An_invalid_query_names_the_field(string path, string field)
    {
        var answer = await _host.GetAsync(path);

        Assert.AreEqual(400, answer.Status, answer.Text);
        Assert.AreEqual(field, answer.Field);
    }

    [TestMethod]
    public async Task All_invalid_fields_are_named_together()
    {
        var answer = await _host.GetAsync("/api/v1/dlq?page=0&page_size=0&order_dir=up");

        Assert.AreEqual(3, answer.Json.GetProperty("error").GetProperty("meta").GetProperty("fields").GetArrayLength());
    }

    [TestMethod]
    public async Task Ten_thousand_nested_arrays_are_refused()
    {
        var deep = $"{{\"kind\":\"noop\",\"args\":{new string('[', 10_000)}{new string(']', 10_000)}}}";

        Assert.AreEqual(400, (await _host.PostAsync("/api/v1/jobs", deep)).Status);
    }

    [TestMethod]
    public async Task A_body_of_fifty_megabytes_is_too_large()
    {
        var answer = await _host.PostAsync("/api/v1/jobs", $"{{\"kind\":\"{new string('a', 50_000_000)}\"}}", null, ("Expect", "100-continue"));

        Assert.AreEqual(413, answer.Status);
        Assert.AreEqual("VALIDATION_ERROR", answer.Code);
    }

    [TestMethod]
    public async Task A_chunked_body_over_the_limit_is_too_large()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/jobs");
        request.Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($"{{\"kind\":\"{new string('a', 3 * 1024 * 1024)}\"}}")));
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = true;

        using var answer = await _host.Client.SendAsync(request);

        Assert.AreEqual(413, (int)answer.StatusCode);
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task A_slow_header_or_body_times_out_alone()
    {
        using var header = await SlowAsync("GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
        using var body = await SlowAsync("POST /api/v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        using var over = new CancellationTokenSource();
        var dripping = DripAsync(body.GetStream(), over.Token);

        var said = Task.WhenAll(SaidAsync(header.GetStream()), SaidAsync(body.GetStream()));
        Assert.AreEqual(200, (await _host.GetAsync("/live")).Status);
        foreach (var last in await said)
            Assert.StartsWith("HTTP/1.1 408", last, StringComparison.Ordinal);
        await over.CancelAsync();
        await dripping;
    }

    [TestMethod]
    public async Task A_missing_database_answers_unavailable_with_retry_after()
    {
        var answer = await _host.GetAsync("/api/v1/downloads");

        Assert.AreEqual(503, answer.Status);
        Assert.AreEqual("DEPENDENCY_ERROR", answer.Code);
        Assert.IsTrue(answer.Headers.ContainsKey("Retry-After"));
    }

    [TestMethod]
    public async Task Without_a_database_live_passes_and_ready_fails()
    {
        Assert.AreEqual(200, (await _host.GetAsync("/api/v1/health")).Status);
        var ready = await _host.GetAsync("/api/v1/ready");
        Assert.AreEqual(503, ready.Status);
        Assert.AreEqual("DEPENDENCY_ERROR", ready.Code);
        Assert.Contains("harmony_database_up{} 0\n", (await _host.GetAsync("/metrics")).Text, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("GET", "/api/v1/nowhere", 404, "NOT_FOUND")]
    [DataRow("GET", "/nowhere", 404, "NOT_FOUND")]
    [DataRow("DELETE", "/api/v1/health", 405, "METHOD_NOT_ALLOWED")]
    [DataRow("GET", "/api/v1/jobs/1/requeue", 405, "METHOD_NOT_ALLOWED")]
    [DataRow("GET", "/api/v1/jobs/1/cancel", 405, "METHOD_NOT_ALLOWED")]
    public async Task An_unknown_path_answers_in_the_envelope(string method, string path, int status, string code)
    {
        var answer = await _host.SendAsync(new HttpMethod(method), path, null, null);

        Assert.AreEqual(status, answer.Status);
        Assert.AreEqual(code, answer.Code);
    }

    [TestMethod]
    [DataRow("/api/v1/health")]
    [DataRow("/live")]
    [DataRow("/metrics")]
    [DataRow("/api/v1/openapi.json")]
    [DataRow("/ui/assets/harmony.css")]
    public async Task HEAD_answers_like_GET_without_a_body(string path)
    {
        var answer = await _host.SendAsync(HttpMethod.Head, path, null, null);

        Assert.AreEqual(200, answer.Status);
        Assert.AreEqual("", answer.Text);
    }

    [TestMethod]
    public async Task A_valid_request_id_is_returned()
    {
        Assert.AreEqual("abc-1.2_3", (await _host.GetAsync("/live", null, ("X-Request-ID", "abc-1.2_3"))).Headers["X-Request-ID"]);
        Assert.AreNotEqual("a b", (await _host.GetAsync("/live", null, ("X-Request-ID", "a b"))).Headers["X-Request-ID"]);
        var error = await _host.GetAsync("/nowhere", null, ("X-Request-ID", "find-me"));
        Assert.AreEqual("find-me", error.Headers["X-Debug-Id"]);
    }

    [TestMethod]
    [DataRow("/live")]
    [DataRow("/nowhere")]
    public async Task Answers_carry_security_headers(string path)
    {
        var headers = (await _host.GetAsync(path)).Headers;

        Assert.Contains("default-src 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.AreEqual("DENY", headers["X-Frame-Options"]);
        Assert.AreEqual("nosniff", headers["X-Content-Type-Options"]);
        Assert.AreEqual("same-origin", headers["Referrer-Policy"]);
        Assert.IsFalse(headers.ContainsKey("Server"));
    }

    [TestMethod]
    public async Task Answers_are_compressed_on_request()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/openapi.json");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var response = await _host.Client.SendAsync(request);
        await using var body = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(body, Encoding.UTF8);

        Assert.Contains("\"/api/v1/dlq/purge\"", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Too_many_calls_answer_with_retry_after()
    {
        await using var host = await ApiHost.StartAsync(
            null, ("FEATURE_RATE_LIMITING", "true"), ("RATE_LIMIT_BUCKET_CAP", "3"), ("RATE_LIMIT_REFILL_PER_SEC", "0.01"));
        for (var i = 0; i < 3; i++)
            Assert.AreEqual(200, (await host.GetAsync("/api/v1/health")).Status);

        var answer = await host.GetAsync("/api/v1/health");

        Assert.AreEqual(429, answer.Status);
        Assert.AreEqual("RATE_LIMITED", answer.Code);
        Assert.IsGreaterThan(0, answer.Json.GetProperty("error").GetProperty("meta").GetProperty("retry_after_ms").GetInt64());
        Assert.IsTrue(answer.Headers.ContainsKey("Retry-After"));
        Assert.AreEqual(200, (await host.GetAsync("/live")).Status, "another route has a bucket of its own");
        Assert.AreEqual(429, (await host.GetAsync("/api/v1/health", "made-up-key-0123456789")).Status, "a made-up key has none");
    }

    [TestMethod]
    public async Task The_debug_id_is_in_the_meta_on_request()
    {
        await using var host = await ApiHost.StartAsync(null, ("ERRORS_DEBUG_DETAILS", "true"));

        var answer = await host.GetAsync("/nowhere");

        Assert.AreEqual(answer.Headers["X-Debug-Id"], answer.Json.GetProperty("error").GetProperty("meta").GetProperty("debug_id").GetString());
    }

    private async Task<System.Net.Sockets.TcpClient> SlowAsync(string start)
    {
        var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(_host.Address.Host, _host.Address.Port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(start));
        return client;
    }

    // A chunk of one byte now and then, until the other side has had enough.
    private static async Task DripAsync(System.Net.Sockets.NetworkStream stream, CancellationToken over)
    {
        try
        {
            while (true)
            {
                await stream.WriteAsync("1\r\n \r\n"u8.ToArray(), over);
                await Task.Delay(200, over);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return;
        }
    }

    // Whoever goes on sending may be cut off after the answer.
    private static async Task<string> SaidAsync(System.Net.Sockets.NetworkStream stream)
    {
        var buffer = new byte[4096];
        var said = "";
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var read)
                said += Encoding.UTF8.GetString(buffer, 0, read);
        }
        catch (IOException) when (said.Length > 0)
        {
            return said;
        }

        return said;
    }
}
