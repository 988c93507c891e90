using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Configuration;

/// <summary>Addresses that may be given whole or in parts.</summary>
public static class Addresses
{
    public static Uri Slskd(Settings settings) =>
        settings.Get(ProviderKeys.Slskd)
        ?? new UriBuilder("http", settings.Get(ProviderKeys.SlskdHost)!, settings.Get(ProviderKeys.SlskdPort)).Uri;
}
