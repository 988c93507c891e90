using Microsoft.Extensions.Logging;

namespace Harmony.Jobs.Providers.Http;

/// <summary>The channel to one provider for the whole process: limits concurrent calls, and records each in log and metrics.</summary>
internal sealed partial class ProviderChannel(string provider, int width, TimeProvider time, ILogger log) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(width, width);

    public string Provider { get; } = provider;

    /// <param name="what">Our own name of the call: never an address, which may contain secrets.</param>
    public async Task<ProviderReply> PassAsync(Func<Task<ProviderReply>> call, string what, int attempt, LogLevel level, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        var started = time.GetTimestamp();
        try
        {
            var reply = await call();
            Record(CallOutcome.Of(reply.Status), (int)reply.Status, null);
            return reply;
        }
        catch (ProviderException failed)
        {
            Record(CallOutcome.Failed, null, failed.Code);
            throw;
        }
        finally
        {
            _turns.Release();
        }

        void Record(string outcome, int? statusCode, string? error)
        {
            var took = time.GetElapsedTime(started);
            ProviderMetrics.Called(Provider, outcome, took);
            Called(outcome == CallOutcome.Ok ? level : LogLevel.Warning, Provider, outcome, what, (long)took.TotalMilliseconds, attempt, statusCode, error);
        }
    }

    public void Dispose() => _turns.Dispose();

    [LoggerMessage(
        EventName = "api.dependency",
        Message = "{Provider} {Status} for {What} in {DurationMs} ms (attempt {Attempt}, status code {StatusCode}, error {Error})")]
    private partial void Called(LogLevel level, string provider, string status, string what, long durationMs, int attempt, int? statusCode, string? error);
}
