using System.Net;
using Harmony.Jobs.Providers.Artwork;
using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Providers.Health;
using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Providers.Lyrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Harmony.Jobs.Providers;

public static class ProviderRegistration
{
    /// <summary>Registers all providers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Integrations.Names, LrclibSource.Provider, LyricsOvhSource.Provider, ArtworkOptions.Provider];

    public static IServiceCollection AddHarmonyProviders(this IServiceCollection services, ProviderOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(options.Spotify);
        services.AddSingleton(options.Slskd);
        services.AddSingleton(options.Lyrics);
        services.AddSingleton(options.Artwork);
        services.AddSingleton<ProviderHttp>();
        services.AddSingleton<CatalogueGateway>();
        services.AddSingleton<ProviderHealth>();
        foreach (var integration in Integrations.All)
            services.AddIntegration(integration, options.Contact);

        services.AddNamedClient(LrclibSource.Provider, options.Contact, _ => Handler());
        services.AddNamedClient(LyricsOvhSource.Provider, options.Contact, _ => Handler());
        services.AddNamedClient(ArtworkOptions.Provider, options.Contact, ImageHandler);
        // In the order of their calls.
        services.AddSingleton<ILyricsSource, LrclibSource>();
        services.AddSingleton<ILyricsSource, LyricsOvhSource>();
        services.AddSingleton<ImageHostRule>();
        services.AddSingleton<CoverFetcher>();
        return services;
    }

    public static IServiceCollection AddIntegration(this IServiceCollection services, Integration integration, string contact)
    {
        services.AddNamedClient(integration.Name, contact, _ => Handler());
        integration.Add(services);
        return services;
    }

    private static void AddNamedClient(
        this IServiceCollection services,
        string provider,
        string contact,
        Func<IServiceProvider, SocketsHttpHandler> handler) =>
        services.AddHttpClient(provider, client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan; // each request carries its own limit, body included
                client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", $"Harmony/{Version} ( {contact} )");
            })
            .ConfigurePrimaryHttpMessageHandler(handler)
            // The handlers pool and renew their connections themselves.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();

    private static string Version { get; } = typeof(ProviderRegistration).Assembly.GetName().Version?.ToString(3) ?? "0";

    // No redirects: a bearer or a key must not be sent to another host.
    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private static SocketsHttpHandler ImageHandler(IServiceProvider services)
    {
        var handler = Handler();
        // Through a proxy, the check would apply to the address of the proxy.
        handler.UseProxy = false;
        handler.ConnectCallback = services.GetRequiredService<ImageHostRule>().ConnectAsync;
        return handler;
    }
}
