using System.Diagnostics.CodeAnalysis;
using System.Net;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Configuration;

/// <summary>Addresses that can be set whole, in parts, or by name.</summary>
internal static class Addresses
{
    public static Uri Slskd(Settings settings) =>
        settings.Get(ProviderKeys.Slskd)
        ?? new UriBuilder("http", settings.Get(ProviderKeys.SlskdHost), settings.Get(ProviderKeys.SlskdPort)).Uri;

    public static IPAddress Bind(Settings settings) =>
        TryBind(settings.Get(HostKeys.Host), out var address) ? address : throw new InvalidOperationException("The form of HOST was checked at the start.");

    internal static bool TryBind(string host, [NotNullWhen(true)] out IPAddress? address)
    {
        address = IPAddress.Loopback;
        return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out address);
    }
}
