using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists.Sync;

/// <summary>Compares an artist with its source for display, with the rules of jobs: a provider with a closed gate is not called.</summary>
public sealed class ArtistReconcile(ArtistUpdate update, ProviderGates gates)
{
    public async Task<ArtistPreview> PreviewAsync(string artistKey, CancellationToken cancellationToken)
    {
        await gates.CheckAsync(SpotifyOptions.Provider, cancellationToken);
        try
        {
            return await update.PreviewAsync(artistKey, cancellationToken);
        }
        catch (ProviderBlockedException blocked)
        {
            var gate = await gates.BlockAsync(blocked, cancellationToken);
            throw blocked.Lasting(gate.Wait!.Value);
        }
    }
}
