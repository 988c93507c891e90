namespace Harmony.Api.Pages.Shell;

/// <summary>Maps the forms of the pages: a handler acts and returns a notice, and the reader is redirected to the page that shows it.</summary>
internal static class PageActs
{
    /// <summary>A handler returns null when it found nothing to act on.</summary>
    public static void MapAct(this RouteGroupBuilder acts, string route, Delegate handler) =>
        acts.MapPost(route, handler).AddEndpointFilter(async (invocation, next) => await next(invocation) switch
        {
            Notice notice => await PostedForm.BackAsync(invocation.HttpContext, notice, invocation.HttpContext.RequestAborted),
            null => Results.NotFound(),
            var answer => answer,
        });
}
