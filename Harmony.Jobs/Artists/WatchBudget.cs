using Harmony.Data.Watchlist;
using Harmony.Orchestrator;
using Microsoft.Extensions.Logging;

namespace Harmony.Jobs.Artists;

/// <summary>How often a look at a watched artist may fail for reasons of its own before the artist rests.</summary>
public sealed partial class WatchBudget(WatchlistRepository watchlist, ArtistSyncOptions options, ILogger<WatchBudget> log)
{
    public async Task<JobEnd> SpendAsync(WatchedArtist watched, JobRun run, Func<Task<JobEnd>> look, CancellationToken cancellationToken)
    {
        try
        {
            var end = await look();
            if (watched.Resting)
            {
                Cleared(log, watched.ArtistKey);
            }

            return end;
        }
        catch (ProviderFailedException failure) when (!failure.IsOutage)
        {
            // An outage is nobody's fault and closes the provider's gate. An answer about this artist that nobody understands is its own.
            if (await run.InTransactionAsync(work => watchlist.SpendTryAsync(work, watched.ArtistKey, options.RetryBudget, options.Cooldown, cancellationToken), cancellationToken))
            {
                throw new PermanentJobException("retry_budget_exhausted", $"Looked at {options.RetryBudget} times in vain: {failure.Message}", failure);
            }

            throw;
        }
    }

    [LoggerMessage(EventName = "watchlist.cooldown.clear", Level = LogLevel.Information, Message = "Cooldown cleared for {ArtistKey}")]
    private static partial void Cleared(ILogger log, string artistKey);
}
