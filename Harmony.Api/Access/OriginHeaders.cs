using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Harmony.Api.Access;

/// <summary>Answers preflight requests of browsers, and sets the headers that let pages of other origins read the answers.</summary>
internal sealed class OriginHeaders(RequestDelegate next, OtherOrigins others, ICorsService cors)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!others.Allows(context.Request))
        {
            await next(context);
            return;
        }

        cors.ApplyResult(cors.EvaluatePolicy(context, others.Policy), context.Response);
        if (HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.ContainsKey("Access-Control-Request-Method"))
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await next(context);
    }
}
