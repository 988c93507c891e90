using System.Net;
using System.Net.Sockets;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Artwork;

/// <summary>
/// The permitted sources of an image. Names are checked before a connection is made and addresses while it is made, so a name that
/// resolves to another address a moment later (DNS rebinding) is refused.
/// </summary>
internal sealed class ImageHostRule(ArtworkOptions options)
{
    private const string Reason = "ssrf_blocked";

    private static readonly string[] BuiltIn =
    [
        "i.scdn.co", "mosaic.scdn.co", "*.spotifycdn.com", "coverartarchive.org", "archive.org", "*.archive.org",
    ];

    // Everything that is not the public internet: this host, private and shared ranges, link-local with the metadata service of clouds,
    // documentation, benchmarks, multicast and reserved; tunnels that can carry any of these inside.
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    private static readonly IPNetwork GlobalUnicast6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotPublic6 =
    [
        .. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>The address to call: as given, or with https where a listed host was given with http.</summary>
    public Uri Checked(Uri address)
    {
        if (!address.IsAbsoluteUri || address.UserInfo.Length > 0)
            throw Blocked("an image address must be absolute and carry no user");

        if (address.Scheme is "http" or "https" && IsStandIn(address.IdnHost, address.Port))
            return address;

        if (address.HostNameType != UriHostNameType.Dns || !IsListed(address.IdnHost))
            throw Blocked($"{address.Host} is no image host we know; ARTWORK_ALLOWED_HOSTS adds some");

        return address switch
        {
            { Scheme: "https", Port: 443 } => address,
            // The Cover Art Archive's own index still contains http addresses.
            { Scheme: "http", Port: 80 } => new UriBuilder(address) { Scheme = "https", Port = 443 }.Uri,
            _ => throw Blocked($"{address.Scheme} on port {address.Port} is not how images are fetched"),
        };
    }

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>: resolves once, refuses internal addresses, uses the checked address.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        if (!IsStandIn(host, port) && Array.Find(addresses, address => !IsPublic(address)) is { } inside)
            throw Blocked($"{host} resolves to {inside}, which is not on the public internet");

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(NotPublic, network => network.Contains(plain))
            : GlobalUnicast6.Contains(plain) && !Array.Exists(NotPublic6, network => network.Contains(plain));
    }

    private bool IsStandIn(string host, int port) =>
        options.AllowPrivate.Contains($"{host}:{port}", StringComparer.OrdinalIgnoreCase);

    private bool IsListed(string host) =>
        BuiltIn.Concat(options.AllowedHosts).Any(listed =>
            listed.StartsWith("*.", StringComparison.Ordinal)
                ? host.EndsWith(listed[1..], StringComparison.OrdinalIgnoreCase)
                : host.Equals(listed, StringComparison.OrdinalIgnoreCase));

    private static PermanentJobException Blocked(string message) => new(Reason, message);
}
