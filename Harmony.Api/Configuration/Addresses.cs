using System.Net;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Configuration;

/// <summary>Addresses that may be given whole, in parts, or by name.</summary>
internal static class Addresses
{
    public static Uri Slskd(Settings settings) =>
        settings.Get(ProviderKeys.Slskd)
        ?? new UriBuilder("http", settings.Get(ProviderKeys.SlskdHost), settings.Get(ProviderKeys.SlskdPort)).Uri;

    /// <summary>Where to listen; null where HOST is neither localhost nor an IP address.</summary>
    public static IPAddress? Bind(Settings settings)
    {
        var host = settings.Get(HostKeys.Host)!.Trim('[', ']');
        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
            return IPAddress.Loopback;
        return IPAddress.TryParse(host, out var address) ? address : null;
    }
}
