using Harmony.Data.Watchlist;
using Harmony.Orchestrator;
using Microsoft.Extensions.Logging;

namespace Harmony.Jobs.Artists;

/// <summary>How often a check of a watched artist may fail for reasons of its own before the cooldown starts.</summary>
public sealed partial class WatchBudget(WatchlistRepository watchlist, ArtistSyncOptions options, ILogger<WatchBudget> log)
{
    public async Task<JobEnd> SpendAsync(WatchedArtist watched, JobRun run, Func<Task<JobEnd>> look, CancellationToken cancellationToken)
    {
        try
        {
            var end = await look();
            if (watched.Resting)
                Cleared(log, watched.ArtistKey);

            return end;
        }
        catch (ProviderFailedException failure) when (!failure.IsOutage)
        {
            // An outage does not count and closes the provider's gate. An unreadable answer about this artist counts.
            if (await run.InTransactionAsync(work => watchlist.SpendTryAsync(work, watched.ArtistKey, options.RetryBudget, options.Cooldown, cancellationToken), cancellationToken))
                throw new PermanentJobException("retry_budget_exhausted", $"Checked {options.RetryBudget} times without success: {failure.Message}", failure);

            throw;
        }
    }

    [LoggerMessage(EventName = "watchlist.cooldown.clear", Level = LogLevel.Information, Message = "Cooldown cleared for {ArtistKey}")]
    private static partial void Cleared(ILogger log, string artistKey);
}
