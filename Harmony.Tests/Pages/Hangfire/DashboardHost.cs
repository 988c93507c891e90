using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Harmony.Api.Dashboards;
using Harmony.Orchestrator;
using Harmony.Tests.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Harmony.Tests.Pages;

/// <summary>The dashboard alone on a free port, seen with the access a test asks for, by a browser that keeps cookies.</summary>
internal sealed partial class DashboardHost : IAsyncDisposable
{
    /// <summary>Who looks and clicks; a name with all that start options make hard.</summary>
    public const string Visitor = @"user:Ann \ O'Hara é -c x=y";

    private readonly WebApplication app;
    private readonly HttpClient browser;

    private DashboardHost(WebApplication app)
    {
        this.app = app;
        browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: true)
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public static async Task<DashboardHost> StartAsync(TestDatabase database, DashboardAccess access, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAntiforgery();
        builder.Services.AddSingleton(database.Source);
        builder.Services.AddSingleton(new DashboardUser(database.ConnectionString));
        builder.Services.AddHarmonyQueue();
        var host = builder.Build();
        host.Urls.Add("http://127.0.0.1:0");
        host.Use(next => context =>
        {
            if (access != DashboardAccess.None)
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, Visitor)], "test"));
            return next(context);
        });
        host.MapHangfireDashboard(_ => access);
        await host.StartAsync(cancellationToken);
        return new DashboardHost(host);
    }

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string page, CancellationToken cancellationToken)
    {
        using var answer = await browser.GetAsync(new Uri("/hangfire" + page, UriKind.Relative), cancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    public async Task<string?> RedirectAsync(string page, CancellationToken cancellationToken)
    {
        using var answer = await browser.GetAsync(new Uri("/hangfire" + page, UriKind.Relative), cancellationToken);
        return answer.Headers.Location?.ToString();
    }

    public async Task<IReadOnlyList<string>> AssetsAsync(string page, CancellationToken cancellationToken) =>
        [.. Asset().Matches((await GetAsync(page, cancellationToken)).Body).Select(match => match.Groups["value"].Value)];

    public Task<HttpStatusCode> ClickAsync(string action, long jobId, bool withToken, CancellationToken cancellationToken) =>
        ClickAsync(action, jobId.ToString(CultureInfo.InvariantCulture), withToken, cancellationToken);

    public async Task<HttpStatusCode> ClickAsync(string action, string what, bool withToken, CancellationToken cancellationToken)
    {
        var (_, page) = await GetAsync("/jobs/failed", cancellationToken);
        using var click = new HttpRequestMessage(HttpMethod.Post, "/hangfire" + action)
        {
            Content = new FormUrlEncodedContent([new("jobs[]", what)]),
        };
        if (withToken)
            click.Headers.Add(Header().Match(page).Groups["value"].Value, WebUtility.HtmlDecode(Token().Match(page).Groups["value"].Value));
        using var answer = await browser.SendAsync(click, cancellationToken);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        await app.DisposeAsync();
    }

    [GeneratedRegex("name=\"csrf-header\" content=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Header();

    [GeneratedRegex("\"/hangfire(?<value>/(css|js)[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Asset();

    [GeneratedRegex("name=\"csrf-token\" content=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
