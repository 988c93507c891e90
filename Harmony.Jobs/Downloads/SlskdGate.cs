using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>
/// slskd accepts one search and two requests for files at a time and refuses others. In this process they queue here;
/// a conflict with another process lasts only a moment: that is no reason to close the gate for the fleet.
/// </summary>
internal sealed class SlskdGate(SlskdClient slskd, TimeProvider time) : IDisposable
{
    private const int Tries = 6;
    private static readonly TimeSpan LongestBusy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _searches = new(1);
    private readonly SemaphoreSlim _requests = new(2);

    public Task StartSearchAsync(Guid id, string query, CancellationToken cancellationToken) =>
        PassAsync(
            _searches,
            async () =>
            {
                await slskd.StartSearchAsync(id, query, cancellationToken);
                return true;
            },
            cancellationToken);

    public Task<SlskdBatchResult> RequestAsync(Guid batchId, string username, SlskdFile file, string destination, CancellationToken cancellationToken) =>
        PassAsync(_requests, () => slskd.EnqueueBatchAsync(batchId, username, [file], destination, cancellationToken), cancellationToken);

    public void Dispose()
    {
        _searches.Dispose();
        _requests.Dispose();
    }

    private async Task<T> PassAsync<T>(SemaphoreSlim turn, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            for (var again = 1; ; again++)
            {
                try
                {
                    return await call();
                }
                catch (ProviderBlockedException busy) when (busy.Wait <= LongestBusy && again < Tries)
                {
                    await Task.Delay(Moment, time, cancellationToken);
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }
}
