using System.Net;
using Harmony.Api.Dashboards;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Harmony.Tests.Pages;

[TestClass]
public sealed class DeepLinksTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [DataRow(null, "/ui")]
    [DataRow("", "/ui")]
    [DataRow("jobs/failed", "/ui/dead-letters")]
    [DataRow("jobs/enqueued", "/ui/jobs?state=Enqueued")]
    [DataRow("jobs/enqueued/download_b", "/ui/jobs?state=Enqueued")]
    [DataRow("jobs/enqueued/fetched/download_b", "/ui/jobs?state=Processing")]
    [DataRow("jobs/processing", "/ui/jobs?state=Processing")]
    [DataRow("jobs/succeeded", "/ui/jobs?state=Succeeded")]
    [DataRow("jobs/scheduled", "/ui/jobs?state=Scheduled")]
    [DataRow("jobs/deleted", "/ui/jobs?state=Deleted")]
    [DataRow("jobs/awaiting", "/ui/jobs?state=Awaiting")]
    [DataRow("jobs/details/42", "/ui/jobs/42")]
    [DataRow("jobs/details/42%0d%0aX: 1", "/ui/jobs")]
    [DataRow("jobs/details/99999999999999999999", "/ui/jobs")]
    [DataRow("jobs/anything", "/ui/jobs")]
    [DataRow("recurring", "/ui/schedules")]
    [DataRow("retries", "/ui/jobs?state=Scheduled")]
    [DataRow("servers", "/ui")]
    [DataRow("no/such/page", "/ui")]
    public void Each_genuine_page_has_one_of_ours(string? genuine, string ours) =>
        Assert.AreEqual(ours, DeepLinks.OursFor(genuine));

    [TestMethod]
    [DataRow("GET", "/hangfire", "/ui")]
    [DataRow("HEAD", "/hangfire/", "/ui")]
    [DataRow("GET", "/hangfire/jobs/details/42?from=1", "/ui/jobs/42")]
    [DataRow("GET", "/music/hangfire/jobs/failed", "/music/ui/dead-letters")]
    public async Task An_old_link_leads_to_our_page(string method, string link, string target)
    {
        await using var app = await HostAsync();

        using var answer = await SendAsync(app, new HttpMethod(method), link);

        Assert.AreEqual(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.AreEqual(target, answer.Headers.Location?.OriginalString);
    }

    [TestMethod]
    public async Task A_click_on_a_page_that_is_gone_does_not_pretend_to_have_worked()
    {
        await using var app = await HostAsync();

        using var answer = await SendAsync(app, HttpMethod.Post, "/hangfire/jobs/failed/requeue");

        Assert.AreEqual(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    private async Task<WebApplication> HostAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UsePathBase("/music");
        app.UseRouting();
        app.MapDeepLinks();
        await app.StartAsync(Ct);
        return app;
    }

    private async Task<HttpResponseMessage> SendAsync(WebApplication app, HttpMethod method, string link)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.Single()) };
        using var request = new HttpRequestMessage(method, link);
        return await client.SendAsync(request, Ct);
    }
}
