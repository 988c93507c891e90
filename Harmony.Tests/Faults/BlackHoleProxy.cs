using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Harmony.Tests.Faults;

/// <summary>
/// A TCP proxy that can swallow: connections stay open on both sides, nothing passes, nobody is told. Those that were open
/// then stay dead, as after a router that forgot them, even when new ones pass again.
/// </summary>
internal sealed class BlackHoleProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentBag<Link> _links = [];
    private readonly string _host;
    private readonly int _port;
    private volatile bool _swallows;

    public BlackHoleProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Swallow()
    {
        _swallows = true;
        foreach (var link in _links)
            link.IsDead = true;
    }

    public void LetNewOnesPass() => _swallows = false;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        foreach (var link in _links)
            link.Dispose();
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var link = new Link(await _listener.AcceptSocketAsync(_over.Token)) { IsDead = _swallows };
                _links.Add(link);
                _ = link.CarryAsync(_host, _port, _over.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private sealed class Link(Socket client) : IDisposable
    {
        private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp);

        public volatile bool IsDead;

        public async Task CarryAsync(string host, int port, CancellationToken cancellationToken)
        {
            try
            {
                await _server.ConnectAsync(host, port, cancellationToken);
                await Task.WhenAny(PumpAsync(client, _server, cancellationToken), PumpAsync(_server, client, cancellationToken));
                // An end is passed on only by a link that lives.
                if (!IsDead)
                    Dispose();
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                Dispose();
            }
        }

        private async Task PumpAsync(Socket from, Socket to, CancellationToken cancellationToken)
        {
            var buffer = new byte[32 * 1024];
            try
            {
                while (await from.ReceiveAsync(buffer, cancellationToken) is > 0 and var count)
                {
                    if (IsDead)
                        continue;
                    await to.SendAsync(buffer.AsMemory(0, count), cancellationToken);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One side is gone.
            }
        }

        public void Dispose()
        {
            client.Dispose();
            _server.Dispose();
        }
    }
}
