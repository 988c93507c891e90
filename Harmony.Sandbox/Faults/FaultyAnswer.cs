using System.Text;
using Microsoft.Extensions.Primitives;

namespace Harmony.Sandbox.Faults;

internal static class FaultyAnswer
{
    private const string Page = "<!doctype html><html><head><title>Bad gateway</title></head><body><h1>Something went wrong</h1></body></html>";

    public static async Task GiveAsync(FaultRule rule, HttpContext context, RequestDelegate next)
    {
        if (rule.DelayMs > 0)
            await Task.Delay(rule.DelayMs, context.RequestAborted);
        switch (rule.Kind)
        {
            case FaultRule.Status:
                await WriteAsync(rule, context, rule.Code, rule.ContentType ?? "application/json", rule.Body ?? "");
                break;
            case FaultRule.Html:
                await WriteAsync(rule, context, 200, rule.ContentType ?? "text/html; charset=utf-8", rule.Body ?? Page);
                break;
            case FaultRule.Drop:
                context.Abort();
                break;
            case FaultRule.Truncate:
                await TruncateAsync(context, next);
                break;
            case FaultRule.WrongContentType:
                context.Response.OnStarting(() =>
                {
                    context.Response.ContentType = rule.ContentType ?? "application/octet-stream";
                    return Task.CompletedTask;
                });
                await next(context);
                break;
            default:
                await next(context);
                break;
        }
    }

    private static async Task WriteAsync(FaultRule rule, HttpContext context, int status, string contentType, string body)
    {
        var response = context.Response;
        response.StatusCode = status;
        if (rule.RetryAfter is not null)
            response.Headers.RetryAfter = rule.RetryAfter;
        foreach (var (name, value) in rule.Headers ?? [])
            response.Headers[name] = new StringValues(value);
        var bytes = Encoding.UTF8.GetBytes(body);
        response.ContentLength = bytes.Length;
        if (bytes.Length > 0)
            response.ContentType = contentType;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    // Promises the whole length, sends half, and hangs up.
    private static async Task TruncateAsync(HttpContext context, RequestDelegate next)
    {
        var wire = context.Response.Body;
        using var whole = new MemoryStream();
        context.Response.Body = whole;
        await next(context);
        context.Response.Body = wire;
        context.Response.ContentLength = whole.Length;
        await wire.WriteAsync(whole.GetBuffer().AsMemory(0, (int)whole.Length / 2), context.RequestAborted);
        await wire.FlushAsync(context.RequestAborted);
        context.Abort();
    }
}
