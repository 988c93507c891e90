using System.Net;
using System.Net.Sockets;

namespace Harmony.Api.Access;

/// <summary>The address of a caller, as far as the caller cannot choose it: a whole IPv6 /64 belongs to one customer.</summary>
internal static class ClientAddress
{
    public static string Of(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"{Convert.ToHexString(address.GetAddressBytes(), 0, 8)}/64" : address.ToString();
    }
}
