using Harmony.Api.Pages.Assets;
using Harmony.Api.Pages.Live;
using Harmony.Api.Pages.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Pages;

/// <summary>The operator pages under /ui: pages to read, actions to post, parts that stay live.</summary>
public static class PagesMap
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddHarmonyPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddAntiforgery();
        services.AddSingleton<PageAssets>();
        services.AddSingleton<PageCatalogue>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<FrameMaker>();
        services.AddSingleton<LiveDesk>();
        return services;
    }

    /// <summary>The host guards the returned group with its reading policy, and hands in how actions are guarded.</summary>
    public static RouteGroupBuilder MapHarmonyPages(this WebApplication app)
    {
        var pages = app.MapGroup("").ExcludeFromDescription();
        foreach (var route in app.Services.GetRequiredService<PageCatalogue>().All)
        {
            pages.MapMethods(route.Route, Reading, (HttpContext context, FrameMaker frames, CancellationToken ct) =>
                ShowAsync(route, context, frames, ct));
        }

        pages.MapMethods("/", Reading, () => TypedResults.Redirect("/ui"));
        pages.MapMethods("/ui/assets/{name}", Reading, (string name, HttpContext context, PageAssets assets) => assets.Serve(name, context));
        pages.MapGet("/ui/live", LiveStream.Open);
        pages.MapMethods("/ui/{**rest}", Reading, Missing).WithOrder(100);
        return pages;
    }

    private static async Task<IResult> ShowAsync(PageRoute route, HttpContext context, FrameMaker frames, CancellationToken ct)
    {
        var request = context.Request;
        var path = $"{request.Path}{request.QueryString}";
        if (route.Match(request.Path, request.QueryString.ToString()) is not { } address)
        {
            return Missing(context, frames);
        }

        var frame = frames.Of(context, path, HttpMethods.IsGet(request.Method) ? Notice.Take(context) : null);
        var model = await route.ReadAsync(new PageRequest(address, frame, context.RequestServices), ct);
        if (model is null)
        {
            return Missing(context, frames);
        }

        context.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult(route.Component, PageRenderer.Parameters(model, frame));
    }

    private static RazorComponentResult<MissingPage> Missing(HttpContext context, FrameMaker frames) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Frame"] = frames.Of(context, context.Request.Path),
        })
        {
            StatusCode = StatusCodes.Status404NotFound,
        };
}
