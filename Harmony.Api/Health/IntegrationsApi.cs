using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Artwork;
using Harmony.Jobs.Providers.Health;
using Harmony.Jobs.Providers.Lyrics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Health;

/// <summary><c>/integrations</c>: the state of every external service of Harmony.</summary>
internal static class IntegrationsApi
{
    public static void MapIntegrations(this RouteGroupBuilder api) =>
        api.MapGroup("/integrations").WithTags("system")
            .MapGet("", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Spotify, slskd, lyrics and covers: which of them can be used now.");

    private static async Task<Ok<Envelope<IntegrationsView>>> ListAsync(ProviderHealth health, DownloadOptions downloads, CancellationToken cancellationToken)
    {
        var states = await health.LookAsync(ProviderRegistration.Names, cancellationToken);
        return TypedResults.Ok(new Envelope<IntegrationsView>(IntegrationsView.Of(states, downloads)));
    }
}

/// <summary>The overall state, and each service.</summary>
internal sealed record IntegrationsView(string Overall, IReadOnlyList<IntegrationView> Providers)
{
    public static IntegrationsView Of(IReadOnlyList<ProviderState> states, DownloadOptions downloads)
    {
        var shown = states.Select(s => UnusedBecause(s.Provider, downloads) is { } why ? s with { Status = ProviderStatus.Disabled, Message = why, Reason = null, BlockedUntil = null } : s).ToList();
        return new(Harmony.Jobs.Providers.Health.Overall.Of(shown, Integrations.Names), [.. shown.Select(s => new IntegrationView(s.Provider, s.Status, new(s.Message, s.Reason, s.BlockedUntil, s.CheckedAt)))]);
    }

    private static string? UnusedBecause(string provider, DownloadOptions downloads) => provider switch
    {
        LrclibSource.Provider or LyricsOvhSource.Provider when !downloads.EnableLyrics => "switched off by ENABLE_LYRICS",
        ArtworkOptions.Provider when !downloads.EnableArtwork => "switched off by ENABLE_ARTWORK",
        _ => null,
    };
}

internal sealed record IntegrationView(string Name, string Status, IntegrationDetails Details);

internal sealed record IntegrationDetails(string Message, string? Reason, DateTimeOffset? BlockedUntil, DateTimeOffset CheckedAt);
