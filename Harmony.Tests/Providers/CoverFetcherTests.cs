using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Artwork;
using Harmony.Orchestrator;
using Harmony.Tests.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class CoverFetcherTests(TestContext context)
{
    private static readonly byte[] Jpeg = Fixture.Bytes("cover.jpg");

    [TestMethod]
    public async Task Size_and_type_come_from_the_image_bytes()
    {
        await using var rig = await Rig.StartAsync(http => http.Bytes(Jpeg, "application/octet-stream"));

        var cover = await rig.FetchAsync("/a.jpg", context.CancellationToken);

        Assert.AreEqual(("image/jpeg", 48, 32), (cover.MimeType, cover.Width, cover.Height));
        CollectionAssert.AreEqual(Jpeg, cover.Bytes);
    }

    [TestMethod]
    public async Task Five_redirects_are_followed_and_no_sixth()
    {
        await using var rig = await Rig.StartAsync(http =>
        {
            var left = int.Parse(http.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
            if (left == 0)
                return http.Bytes(Jpeg, "image/jpeg");

            http.Response.Headers.Location = $"/{left - 1}";
            return http.Empty(307);
        });

        Assert.AreEqual(48, (await rig.FetchAsync("/5", context.CancellationToken)).Width);
        Assert.AreEqual("too_many_redirects", await Refusal(rig, "/6"));
    }

    [TestMethod]
    [DataRow("http://169.254.169.254/latest/meta-data")]
    [DataRow("http://127.0.0.1:1/")]
    [DataRow("file:///etc/passwd")]
    [DataRow("https://evil.example/")]
    public async Task A_redirect_to_a_forbidden_host_is_refused(string target)
    {
        await using var rig = await Rig.StartAsync(http =>
        {
            http.Response.Headers.Location = target;
            return http.Empty(302);
        });

        Assert.AreEqual("ssrf_blocked", await Refusal(rig, "/a.jpg"));
    }

    [TestMethod]
    public async Task A_private_address_is_refused_at_connect()
    {
        // localhost is a name like any other here: allowed by name, refused by address.
        await using var clients = LoopbackProvider.Clients(new ProviderOptions { Artwork = new ArtworkOptions { AllowedHosts = ["localhost"] } });

        var refused = await Assert.ThrowsExactlyAsync<PermanentJobException>(() =>
            clients.GetRequiredService<CoverFetcher>().FetchAsync(new Uri("https://localhost/a.jpg"), context.CancellationToken));

        Assert.AreEqual("ssrf_blocked", refused.ReasonCode);
    }

    [TestMethod]
    public async Task Content_that_is_no_image_is_refused()
    {
        await using var rig = await Rig.StartAsync(http => http.Text("<svg xmlns='http://www.w3.org/2000/svg'/>", 200, "image/jpeg"));

        Assert.AreEqual("not_an_image", await Refusal(rig, "/a.jpg"));
    }

    [TestMethod]
    public async Task An_image_with_too_many_pixels_is_refused()
    {
        var bomb = Fixture.Bytes("cover.png");
        new byte[] { 0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60 }.CopyTo(bomb, 16);
        await using var rig = await Rig.StartAsync(http => http.Bytes(bomb, "image/png"));

        Assert.AreEqual("too_large", await Refusal(rig, "/a.png"));
    }

    [TestMethod]
    public async Task An_endless_body_is_cut_at_the_limit()
    {
        var sent = 0L;
        await using var rig = await Rig.StartAsync(async http =>
        {
            // Kestrel swallows what is written to a closed connection: the pause lets it notice.
            var piece = new byte[256 * 1024];
            while (!http.RequestAborted.IsCancellationRequested && sent < 200_000_000)
            {
                await http.Response.Body.WriteAsync(piece, http.RequestAborted);
                sent += piece.Length;
                await Task.Delay(1, http.RequestAborted);
            }
        });

        Assert.AreEqual("too_large", await Refusal(rig, "/a.jpg"));
        Assert.IsLessThan(30_000_000, sent);
    }

    [TestMethod]
    public async Task A_missing_image_is_reported()
    {
        await using var rig = await Rig.StartAsync(http => http.Empty(404));

        Assert.AreEqual("not_found", await Refusal(rig, "/a.jpg"));
    }

    private async Task<string> Refusal(Rig rig, string path) =>
        (await Assert.ThrowsExactlyAsync<PermanentJobException>(() => rig.FetchAsync(path, context.CancellationToken))).ReasonCode;

    private sealed record Rig(LoopbackProvider Server, ServiceProvider Clients) : IAsyncDisposable
    {
        public Task<Cover> FetchAsync(string path, CancellationToken cancellationToken) =>
            Clients.GetRequiredService<CoverFetcher>().FetchAsync(new Uri(Server.Url, path), cancellationToken);

        public static async Task<Rig> StartAsync(Func<HttpContext, Task> answer)
        {
            var server = await LoopbackProvider.StartAsync(answer);
            return new Rig(server, LoopbackProvider.Clients(new ProviderOptions
            {
                Artwork = new ArtworkOptions { AllowPrivate = [$"127.0.0.1:{server.Url.Port}"], MaxBytes = 1024 * 1024 },
            }));
        }

        public async ValueTask DisposeAsync()
        {
            await Clients.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
