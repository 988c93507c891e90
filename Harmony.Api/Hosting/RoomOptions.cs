using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Jobs;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Watch;
using Harmony.Jobs.Backfill;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Downloads.Search;
using Harmony.Jobs.Ingest;
using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;
using Harmony.Orchestrator.Schedules;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Harmony.Api.Hosting;

/// <summary>Binds the options of the projects below to the configuration from the settings (<see cref="EnvKey.Sets"/>).</summary>
internal static class RoomOptions
{
    public static void AddRoomOptions(this IServiceCollection services, Settings settings)
    {
        // A host builder has a configuration with the settings; a verb has none.
        services.TryAddSingleton<IConfiguration>(_ => Root(settings));
        // The binder adds to the default items of a list.
        services.Configure<OrchestratorOptions>(o => o.HangfireQueues = []);
        services.Configure<RankingOptions>(o => o.PreferredFormats = []);
        services.Bound<OrchestratorOptions>().Configure(o => o.Schedules = SchedulesOf(settings));
        services.Bound<ArtistSyncOptions>();
        services.Bound<WatchlistOptions>();
        services.Bound<DownloadOptions>();
        services.Bound<IngestOptions>();
        services.Bound<BackfillOptions>();
        services.Bound<RankingOptions>();
        services.Bound<WantedOptions>();
    }

    public static ProviderOptions Providers(Settings settings) => Root(settings).GetSection(SectionOf<ProviderOptions>()).Get<ProviderOptions>(Strictly)!;

    public static RetryOverride? RetryDefaults(Settings settings) =>
        Root(settings).GetSection(SectionOf<OrchestratorOptions>()).GetSection(nameof(OrchestratorOptions.RetryDefaults)).Get<RetryOverride>(Strictly);

    /// <summary>The lanes with the search budget in force.</summary>
    public static IReadOnlyList<Lane> LanesOf(SearchBudget budget) =>
        [.. Lanes.All.Select(l => l.Name == Lanes.Search ? l with { Rate = new RateWindow(budget.Searches, TimeSpan.FromSeconds(budget.Seconds)) } : l)];

    public static IReadOnlyList<Schedule> SchedulesOf(Settings settings)
    {
        var builtIn = BuiltInSchedules.All
            .Where(s => s.Kind != WatchlistTickArgs.Kind || settings.Get(MusicKeys.WatchlistTimer))
            .Select(s => s.Kind == WatchlistTickArgs.Kind ? s with { Every = settings.Get(MusicKeys.WatchlistTimerInterval) } : s)
            .ToList();
        // Without Spotify, the only source of catalogues, a watchlist tick could only make dead letters.
        var lookable = settings.Get(ProviderKeys.Enabled).Contains(SpotifyOptions.Provider);
        return [.. settings.Schedules.Over(builtIn).Where(s => lookable || s.Kind != WatchlistTickArgs.Kind)];
    }

    // The projects below inject the options class itself.
    private static OptionsBuilder<TOptions> Bound<TOptions>(this IServiceCollection services)
        where TOptions : class
    {
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);
        return services.AddOptions<TOptions>().BindConfiguration(SectionOf<TOptions>(), Strictly).ValidateOnStart();
    }

    private static string SectionOf<TOptions>() => typeof(TOptions).Name[..^"Options".Length];

    private static IConfigurationRoot Root(Settings settings) => new ConfigurationBuilder().Add(settings).Build();

    // A path in the table without an option is an error.
    private static void Strictly(BinderOptions binder) => binder.ErrorOnUnknownConfiguration = true;
}
