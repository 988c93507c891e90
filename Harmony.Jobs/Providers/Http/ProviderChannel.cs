using Microsoft.Extensions.Logging;

namespace Harmony.Jobs.Providers.Http;

/// <summary>The way to one provider for the whole process: so many calls at once and no more, each of them told in the log and in the figures.</summary>
internal sealed partial class ProviderChannel(string provider, int width, TimeProvider time, ILogger log) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(width, width);

    public string Provider { get; } = provider;

    /// <param name="what">In words of ours: never an address, which may hold what nobody should read.</param>
    public async Task<ProviderReply> PassAsync(Func<Task<ProviderReply>> call, string what, int attempt, LogLevel told, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        var started = time.GetTimestamp();
        try
        {
            var reply = await call();
            Tell(CallOutcome.Of(reply.Status), (int)reply.Status, null);
            return reply;
        }
        catch (ProviderException failed)
        {
            Tell(CallOutcome.Failed, null, failed.Code);
            throw;
        }
        finally
        {
            _turns.Release();
        }

        void Tell(string outcome, int? statusCode, string? error)
        {
            var took = time.GetElapsedTime(started);
            ProviderMetrics.Called(Provider, outcome, took);
            Called(outcome == CallOutcome.Ok ? told : LogLevel.Warning, Provider, outcome, what, (long)took.TotalMilliseconds, attempt, statusCode, error);
        }
    }

    public void Dispose() => _turns.Dispose();

    [LoggerMessage(
        EventName = "api.dependency",
        Message = "{Provider} {Status} for {What} in {DurationMs} ms (attempt {Attempt}, status code {StatusCode}, error {Error})")]
    private partial void Called(LogLevel level, string provider, string status, string what, long durationMs, int attempt, int? statusCode, string? error);
}
