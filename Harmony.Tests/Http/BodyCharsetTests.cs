using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Http;

/// <summary>A body in a character set nobody knows is the caller's mistake, at every route that takes one.</summary>
[TestClass]
public sealed class BodyCharsetTests
{
    private static ApiHost _host = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => _host = await ApiHost.StartAsync(null, ("FEATURE_ADMIN_API", "true"));

    [ClassCleanup]
    public static async Task StopAsync() => await _host.DisposeAsync();

    [TestMethod]
    [DataRow("klingon")]
    [DataRow("utf-7")]
    public async Task An_unknown_charset_is_refused_at_every_route(string charset)
    {
        var routes = _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAcceptsMetadata>() is not null && e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => (method, Path: PathOf(e))))
            .ToList();

        Assert.IsGreaterThanOrEqualTo(12, routes.Count);
        foreach (var (method, path) in routes)
        {
            var answer = await SendAsync(method, path, charset);

            Assert.AreEqual(415, answer.Status, $"{method} {path}: {answer.Text}");
            Assert.AreEqual("VALIDATION_ERROR", answer.Code);
            Assert.Contains($"\"{charset}\"", answer.Json.GetProperty("error").GetProperty("message").GetString()!, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    [DataRow("utf-8")]
    [DataRow("\"UTF-8\"")]
    [DataRow("us-ascii")]
    [DataRow("\"iso-8859-1\"")]
    public async Task A_known_charset_is_read(string charset)
    {
        var answer = await SendAsync("POST", "/api/v1/jobs", charset);

        Assert.AreEqual(400, answer.Status, answer.Text);
        Assert.AreEqual("kind", answer.Field);
    }

    [TestMethod]
    public async Task A_missing_right_is_reported_before_the_charset()
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));
        using var body = Body("klingon");

        Assert.AreEqual(401, (await host.SendAsync(HttpMethod.Post, "/api/v1/jobs", null, body)).Status);
    }

    private static async Task<Answer> SendAsync(string method, string path, string charset)
    {
        using var body = Body(charset);
        return await _host.SendAsync(new HttpMethod(method), path, null, body);
    }

    private static ByteArrayContent Body(string charset)
    {
        var body = new ByteArrayContent(Encoding.ASCII.GetBytes("{}"));
        body.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");
        return body;
    }

    private static string PathOf(RouteEndpoint route) =>
        string.Join('/', route.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart text ? text.Content : "1"))).Prepend(""));
}
