namespace Harmony.Api.Http;

/// <summary>Answers HEAD wherever GET is answered: the endpoint runs as for GET, the server leaves the body out.</summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // An event stream has no end, so a HEAD request for it would never return.
        if (!HttpMethods.IsHead(context.Request.Method) || context.Request.Path.StartsWithSegments("/ui/live", StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        var body = context.Response.Body;
        context.Request.Method = HttpMethods.Get;
        context.Response.Body = Stream.Null;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
            context.Response.Body = body;
        }
    }
}
