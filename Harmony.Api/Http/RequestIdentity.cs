using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Harmony.Api.Http;

/// <summary>Gives every call an id, the caller's own where it is valid; logs the call after its answer.</summary>
internal sealed partial class RequestIdentity(RequestDelegate next, TimeProvider time, ILogger<RequestIdentity> logger)
{
    public const string Header = "X-Request-ID";
    private static readonly object Key = new();

    public static string Of(HttpContext context) => (string?)context.Items[Key] ?? context.TraceIdentifier;

    public async Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Header].ToString();
        var id = Sane().IsMatch(given) ? given : Guid.CreateVersion7().ToString("N");
        context.Items[Key] = id;
        context.Response.Headers[Header] = id;
        var activity = Activity.Current;
        activity?.SetTag("request_id", id);
        var started = time.GetTimestamp();
        using (logger.BeginScope(new Dictionary<string, object> { ["request_id"] = id }))
        {
            await next(context);
            if (activity is not null && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
                activity.DisplayName = $"{context.Request.Method} {route}";
            var status = context.Response.StatusCode;
            var level = status < 400 && IsRoutine(context.Request) ? LogLevel.Debug : LogLevel.Information;
            Answered(logger, level, context.Request.Method, context.Request.Path, status, (long)time.GetElapsedTime(started).TotalMilliseconds, status < 400 ? "ok" : "error");
        }
    }

    // Probes, pages that refresh themselves and their assets would flood the log.
    private static bool IsRoutine(HttpRequest request) =>
        request.Path.StartsWithSegments("/ui", StringComparison.OrdinalIgnoreCase)
        || request.Path.Value is { } path
        && (path.EndsWith("/live", StringComparison.Ordinal) || path.EndsWith("/health", StringComparison.Ordinal) || path.EndsWith("/ready", StringComparison.Ordinal) || path.EndsWith("/metrics", StringComparison.Ordinal));

    [LoggerMessage(EventName = "api.request", Message = "{Method} {Path} {StatusCode} in {DurationMs} ms ({Status})")]
    private static partial void Answered(ILogger logger, LogLevel level, string method, string path, int statusCode, long durationMs, string status);

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.None, 1000)]
    private static partial Regex Sane();
}
