using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists.Sync;

/// <summary>Compares an artist with its source because somebody wants to see it, under the rules jobs keep: a provider that is left alone is not called.</summary>
public sealed class ArtistReconcile(ArtistUpdate update, ProviderGates gates)
{
    public async Task<ArtistPreview> PreviewAsync(string artistKey, CancellationToken ct)
    {
        await gates.CheckAsync(SpotifyOptions.Provider, ct);
        try
        {
            return await update.PreviewAsync(artistKey, ct);
        }
        catch (ProviderBlockedException blocked)
        {
            var gate = await gates.BlockAsync(blocked, ct);
            throw blocked.Lasting(gate.Wait!.Value);
        }
    }
}
