using Harmony.Jobs.Providers.Health;
using Harmony.Jobs.Providers.Http;

namespace Harmony.Jobs.Providers.Slskd;

/// <summary>Checks that slskd accepts our key and is logged in to Soulseek: it also answers without that login.</summary>
internal sealed class SlskdProbe(SlskdClient slskd) : IProviderProbe
{
    public string Provider => SlskdOptions.Provider;

    public async Task<string> LookAsync(CancellationToken cancellationToken) =>
        await slskd.IsLoggedInAsync(cancellationToken)
            ? "logged in to Soulseek"
            : throw new ProviderException(SlskdOptions.Provider, "logged_out", "slskd answers, but is not logged in to Soulseek");
}
