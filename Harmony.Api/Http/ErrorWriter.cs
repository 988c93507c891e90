using System.Globalization;
using System.Text.Json.Serialization;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Http;

/// <summary>Writes the error envelope, and logs it once.</summary>
internal sealed partial class ErrorWriter(Settings settings, ILogger<ErrorWriter> logger)
{
    private readonly bool _details = settings.Get(HostKeys.ErrorDetails);

    public async Task WriteAsync(HttpContext context, ApiError error)
    {
        var response = context.Response;
        var debugId = RequestIdentity.Of(context);
        response.StatusCode = error.Status;
        response.Headers["X-Debug-Id"] = debugId;
        response.Headers.CacheControl = "no-store";
        if (error.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        Log(error, context.Request.Method, context.Request.Path, debugId);

        if (RequestKind.IsPage(context.Request.Path))
        {
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync($"{error.Message}\n", context.RequestAborted);
        }
        else
        {
            var body = new Envelope(false, new(error.Code, error.Message, MetaOf(error, debugId)));
            await response.WriteAsJsonAsync(body, ApiJson.Options, context.RequestAborted);
        }
    }

    private IReadOnlyDictionary<string, object?>? MetaOf(ApiError error, string debugId) =>
        !_details
            ? error.Meta
            : new Dictionary<string, object?>(error.Meta ?? new Dictionary<string, object?>())
            {
                ["debug_id"] = debugId,
                ["hint"] = "The log lines of this call carry request_id with this value.",
            };

    private void Log(ApiError error, string method, string path, string debugId)
    {
        var level = error.Status switch
        {
            424 or 429 or (>= 502 and <= 504) => LogLevel.Warning,
            >= 500 => LogLevel.Error,
            _ => LogLevel.Information,
        };
        ApiErrorEvent(logger, level, error.Code, error.Status, method, path, debugId);
    }

    [LoggerMessage(EventName = "api.error", Message = "{Code} {Status} for {Method} {Path}, debug id {DebugId}")]
    private static partial void ApiErrorEvent(ILogger logger, LogLevel level, string code, int status, string method, string path, string debugId);

    private sealed record Envelope(bool Ok, Body Error);

    private sealed record Body(
        string Code, string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, object?>? Meta);
}
