using Harmony.Api.Pages.Assets;
using Harmony.Api.Pages.Audit;
using Harmony.Api.Pages.DeadLetters;
using Harmony.Api.Pages.Downloads;
using Harmony.Api.Pages.Jobs;
using Harmony.Api.Pages.Lanes;
using Harmony.Api.Pages.Live;
using Harmony.Api.Pages.Schedules;
using Harmony.Api.Pages.Shell;
using Harmony.Api.Pages.SignIn;
using Harmony.Api.Pages.Wanted;
using Harmony.Api.Pages.Watchlist;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Pages;

/// <summary>The operator pages under /ui: pages to read, actions to post, parts with live updates.</summary>
internal static class PagesMap
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddHarmonyPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton<PageAssets>();
        services.AddSingleton<PageCatalogue>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<FrameMaker>();
        services.AddSingleton<LiveUpdates>();
        services.AddSingleton<ExportResponse>();
        return services;
    }

    /// <summary>The host names the policies for reading, for actions and for deletions.</summary>
    public static void MapHarmonyPages(this WebApplication app, string mayRead, string mayAct, string mayPurge)
    {
        var pages = app.MapGroup("").RequireAuthorization(mayRead).ExcludeFromDescription();
        foreach (var route in app.Services.GetRequiredService<PageCatalogue>().All)
        {
            pages.MapMethods(route.Route, Reading, (HttpContext context, FrameMaker frames, CancellationToken cancellationToken) =>
                ShowAsync(route, context, frames, cancellationToken));
        }

        SignInMap.Map(app, pages);
        pages.MapMethods("/", Reading, () => TypedResults.Redirect("/ui")).AllowAnonymous();
        // The sign-in page needs the stylesheet before a sign-in.
        pages.MapMethods("/ui/assets/{name}", Reading, (string name, HttpContext context, PageAssets assets) => assets.Serve(name, context)).AllowAnonymous();
        pages.MapMethods("/ui/covers/{id:long}", Reading, CoverImages.ServeAsync);
        pages.MapGet("/ui/live", LiveStream.Open);
        pages.MapGet("/ui/dead-letters/export", DeadLettersExport.SendAsync);
        pages.MapGet("/ui/audit/export", AuditExport.SendAsync);
        pages.MapMethods("/ui/{**rest}", Reading, Missing);

        var acts = app.MapGroup("").RequireAuthorization(mayAct).ExcludeFromDescription();
        JobActions.Map(acts);
        LaneActions.Map(acts);
        ScheduleActions.Map(acts);
        WatchlistActions.Map(acts);
        WantedActions.Map(acts);
        DownloadActions.Map(acts);
        var bulk = app.MapGroup("").RequireAuthorization(mayPurge).ExcludeFromDescription();
        BulkJobActions.Map(bulk);
        DeadLetterActions.Map(bulk);
    }

    private static async Task<IResult> ShowAsync(PageRoute route, HttpContext context, FrameMaker frames, CancellationToken cancellationToken)
    {
        var request = context.Request;
        var path = $"{request.Path}{request.QueryString}";
        if (route.Match(request.Path, request.QueryString.ToString()) is not { } address)
            return Missing(context, frames);

        var frame = frames.Of(context, path, HttpMethods.IsGet(request.Method) ? Notice.Take(context) : null);
        var model = await route.ReadAsync(new PageRequest(address, frame, context.RequestServices), cancellationToken);
        if (model is null)
            return Missing(context, frames);

        Unstored(context, frame);
        return new RazorComponentResult(route.Component, PageRenderer.Parameters(model, frame));
    }

    private static RazorComponentResult<MissingPage> Missing(HttpContext context, FrameMaker frames)
    {
        var frame = frames.Of(context, context.Request.Path);
        Unstored(context, frame);
        return new(new Dictionary<string, object?>(StringComparer.Ordinal) { ["Frame"] = frame }) { StatusCode = StatusCodes.Status404NotFound };
    }

    private static void Unstored(HttpContext context, Frame frame)
    {
        // A page with a form token sets this header itself.
        if (!frame.MayAct && !frame.SignedIn)
            context.Response.Headers.CacheControl = "no-store";
    }
}
