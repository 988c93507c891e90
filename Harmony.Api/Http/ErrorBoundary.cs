namespace Harmony.Api.Http;

/// <summary>Turns unhandled exceptions, and error statuses without a body, into the error envelope.</summary>
internal sealed partial class ErrorBoundary(RequestDelegate next, ErrorWriter errors, ILogger<ErrorBoundary> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            Aborted(logger, context.Request.Path);
            return;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var error = ExceptionMap.Of(e);
            if (error.Status >= 500)
                Failed(logger, error.Status == 500 ? LogLevel.Error : LogLevel.Warning, e, context.Request.Method, context.Request.Path);
            Forget(context.Response.Headers);
            await errors.WriteAsync(context, error);
            return;
        }

        if (IsBare(context.Response))
            await errors.WriteAsync(context, OfStatus(context.Response.StatusCode));
    }

    // Only the headers of the failed handler about its body; the id and the security headers stay.
    private static void Forget(IHeaderDictionary headers)
    {
        headers.ContentType = default;
        headers.ContentLength = null;
        headers.ContentEncoding = default;
        headers.ETag = default;
        headers.Location = default;
    }

    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null };

    private static ApiError OfStatus(int status) => status switch
    {
        404 => ApiError.NoSuchRoute,
        405 => ApiError.NotAllowed,
        413 => ApiError.TooLarge,
        415 => ApiError.MediaType,
        >= 500 => ApiError.Internal with { Status = status },
        _ => new(status, "VALIDATION_ERROR", "The request cannot be used."),
    };

    [LoggerMessage(EventName = "api.failure", Message = "{Method} {Path} failed")]
    private static partial void Failed(ILogger logger, LogLevel level, Exception exception, string method, string path);

    [LoggerMessage(EventName = "api.aborted", Level = LogLevel.Debug, Message = "The caller of {Path} closed the connection")]
    private static partial void Aborted(ILogger logger, string path);
}
