using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Providers.Health;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Jobs.Providers.Spotify;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Jobs.Providers;

/// <summary>A provider that an operator may switch off, with its settings and services.</summary>
public sealed record Integration(string Name, Action<IServiceCollection> Add);

/// <summary>All integrations. A new one is a folder beside the others and an entry here; settings, health and metrics follow.</summary>
public static class Integrations
{
    public static IReadOnlyList<Integration> All { get; } =
    [
        new(SpotifyOptions.Provider, services => services
            .AddSingleton<SpotifyTokens>()
            .AddSingleton<SpotifyCatalog>()
            .AddSingleton<ICatalogueSource>(provider => provider.GetRequiredService<SpotifyCatalog>())
            .AddSingleton<IProviderProbe, SpotifyProbe>()),
        new(SlskdOptions.Provider, services => services
            .AddSingleton<SlskdClient>()
            .AddSingleton(provider => new SlskdInspection(provider.GetRequiredService<SlskdClient>()))
            .AddSingleton<IProviderProbe, SlskdProbe>()),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(integration => integration.Name)];
}
