using Harmony.Jobs.Providers.Health;

namespace Harmony.Jobs.Providers.Spotify;

/// <summary>Requests only a token, and nothing while a valid one is held.</summary>
internal sealed class SpotifyProbe(SpotifyTokens tokens) : IProviderProbe
{
    public string Provider => SpotifyOptions.Provider;

    public async Task<string> LookAsync(CancellationToken cancellationToken)
    {
        await tokens.GetAsync(cancellationToken);
        return "a token is held";
    }
}
