using Microsoft.AspNetCore.Http;

namespace Harmony.Tests.Providers;

/// <summary>The ways a server answers, good and bad.</summary>
internal static class Answers
{
    public static Task Json(this HttpContext context, string body, int status = 200) =>
        context.Text(body, status, "application/json; charset=utf-8");

    public static Task Text(this HttpContext context, string body, int status, string type = "text/plain")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    }

    public static Task Empty(this HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>More is announced than comes.</summary>
    public static Task Truncated(this HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 1000;
        return context.Response.WriteAsync("{\"id\":");
    }

    public static Task Bytes(this HttpContext context, byte[] body, string type)
    {
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(body).AsTask();
    }
}
