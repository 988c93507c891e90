using System.Threading.RateLimiting;

namespace Harmony.Api.Pages.Shell;

/// <summary>Files written while the database is read. Each holds a connection until its reader has all of it, so only a few at once.</summary>
internal sealed class ExportResponse : IDisposable
{
    public const int MostAtOnce = 2;

    // A slow reader is cut off, so that others can export.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly ConcurrencyLimiter _seats = new(new() { PermitLimit = MostAtOnce, QueueLimit = 0 });

    public async Task SendAsync(HttpContext context, string type, string name, Func<HttpResponse, CancellationToken, Task> write)
    {
        using var seat = _seats.AttemptAcquire();
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (!seat.IsAcquired)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.Headers.RetryAfter = "15";
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync("Other exports are being written. Try again in a moment.", context.RequestAborted);
            return;
        }

        response.ContentType = $"{type}; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(Longest);
        try
        {
            await write(response, limit.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // Half a file must not look complete.
            context.Abort();
        }
    }

    public void Dispose() => _seats.Dispose();
}
