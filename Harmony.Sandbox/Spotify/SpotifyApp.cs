using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;
using Harmony.Sandbox.Images;

namespace Harmony.Sandbox.Spotify;

/// <summary>The accounts service and the Web API on one address, with the limits of a development-mode app.</summary>
internal sealed class SpotifyApp(SandboxCatalog catalog, TimeProvider clock, ImageAddress images, CatalogNews news) : ISandboxApp
{
    private readonly SpotifyTokens _tokens = new(clock);

    public void Map(WebApplication app)
    {
        app.Use(RequireBearerAsync);
        news.Map(app);
        app.MapPost("/api/token", _tokens.GrantAsync);
        app.MapGet("/v1/me", (HttpContext context) => _tokens.IsUser(context.Request)
            ? SandboxJson.Json(SpotifyAccount.Describe())
            : SpotifyErrors.Json(401, "Valid user authentication required"));
        new CatalogEndpoints(catalog, news, images).Map(app);
        new SearchEndpoint(catalog, news, images).Map(app);
        WithdrawnEndpoints.Map(app);
        app.MapFallback(() => SpotifyErrors.Json(404, "Service not found"));
    }

    // Nothing else is remembered: tokens carry their own end.
    public void Reset() => news.Reset();

    public JsonObject Figures() => [];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task RequireBearerAsync(HttpContext context, RequestDelegate next)
    {
        var problem = context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
            ? _tokens.Problem(context.Request)
            : null;
        if (problem is null)
            await next(context);
        else
            await SpotifyErrors.Json(401, problem).ExecuteAsync(context);
    }
}
