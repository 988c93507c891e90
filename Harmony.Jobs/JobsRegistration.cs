using System.Reflection;
using Harmony.Data.Artists;
using Harmony.Data.Backfill;
using Harmony.Data.Downloads;
using Harmony.Data.Ingest;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Sync;
using Harmony.Jobs.Artists.Watch;
using Harmony.Jobs.Backfill;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Downloads.Search;
using Harmony.Jobs.Enrich;
using Harmony.Jobs.Files;
using Harmony.Jobs.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Harmony.Jobs;

/// <summary>Registers everything the jobs need; options set by the host stay, and the host registers the clients of the providers.</summary>
public static class JobsRegistration
{
    /// <summary>The assembly in which the catalogue finds the kinds of job.</summary>
    public static Assembly Assembly => typeof(JobsRegistration).Assembly;

    public static IServiceCollection AddHarmonyJobs(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddDefaults();
        services.AddRepositories();
        services.AddSubjects();
        return services;
    }

    private static void AddDefaults(this IServiceCollection services)
    {
        services.TryAddSingleton<ArtistSyncOptions>();
        services.TryAddSingleton<WatchlistOptions>();
        services.TryAddSingleton<DownloadOptions>();
        services.TryAddSingleton<IngestOptions>();
        services.TryAddSingleton<BackfillOptions>();
        services.TryAddSingleton<RankingOptions>();
        services.TryAddSingleton<WantedOptions>();
    }

    private static void AddRepositories(this IServiceCollection services)
    {
        services.AddSingleton<ArtistsRepository>();
        services.AddSingleton<ReleasesRepository>();
        services.AddSingleton<ArtistWatchlistRepository>();
        services.AddSingleton<WatchlistRepository>();
        services.AddSingleton<DownloadsRepository>();
        services.AddSingleton<DownloadStagesRepository>();
        services.AddSingleton<TransfersRepository>();
        services.AddSingleton<SearchesRepository>();
        services.AddSingleton<WantedRepository>();
        services.AddSingleton<OrdersRepository>();
        services.AddSingleton<EnrichmentRepository>();
        services.AddSingleton<IngestRepository>();
        services.AddSingleton<BackfillRepository>();
        services.AddSingleton<SpotifyCacheRepository>();
    }

    private static void AddSubjects(this IServiceCollection services)
    {
        services.AddSingleton<ArtistUpdate>();
        services.AddSingleton<ArtistReconcile>();
        services.AddSingleton<ArtistSyncs>();
        services.AddSingleton<WatchBudget>();
        services.AddSingleton<WatchlistEntries>();
        services.AddSingleton<WatchlistOperations>();
        services.AddSingleton<WatchlistForecast>();
        services.AddSingleton<IngestRequests>();
        services.AddSingleton<BackfillRequests>();
        services.AddSingleton<DownloadRequests>();
        services.AddSingleton<DownloadFolders>();
        services.TryAddSingleton(provider => new FreeSpace(provider.GetRequiredService<DownloadOptions>().MinFreeDiskMb));
        services.AddSingleton<DiskRoom>();
        services.AddSingleton<CandidateChoice>();
        services.AddSingleton<SearchRequests>();
        services.AddSingleton<WantedTracks>();
        services.AddSingleton<WantedOperations>();
        services.AddSingleton<DownloadOperations>();
        services.AddSingleton<PeerDenial>();
        services.AddSingleton<AbandonedTransfers>();
        services.AddSingleton<SlskdGate>();
        services.AddSingleton<Enrichments>();
        services.AddSingleton<ShelvedFile>();
        services.AddSingleton<TrackFinder>();
        services.AddSingleton<MatchedTrack>();
        services.TryAddSingleton(provider => new FileEdit(provider.GetRequiredService<DownloadOptions>().MusicDir));
        services.TryAddSingleton(provider =>
            new LibraryPath(provider.GetRequiredService<DownloadOptions>().MusicDir, provider.GetRequiredService<DownloadOptions>().MoveTemplate));
        services.AddSingleton<IDownloadStage, ChooseStage>();
        services.AddSingleton<IDownloadStage, RequestStage>();
        services.AddSingleton<IDownloadStage, TransferStage>();
        services.AddSingleton<IDownloadStage, VerifyStage>();
        services.AddSingleton<IDownloadStage, TagStage>();
        services.AddSingleton<IDownloadStage, ShelveStage>();
        services.AddSingleton<IDownloadStage, CleanStage>();
    }
}
