using System.Net.Sockets;
using Harmony.Data.Evictions;
using Npgsql;

namespace Harmony.Api.Http.Caching;

/// <summary>Receives evictions from commits. While it is disconnected, the cache is not used; on reconnect the cache is emptied, because notices may have been missed.</summary>
internal sealed partial class EvictionListener(EvictionNotices notices, ResponseCache cache, TimeProvider time, ILogger<EvictionListener> log) : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    // A dead connection is not always closed: a heartbeat comes every five seconds, and two may not be missing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private long _heardAt;

    public bool IsListening => Interlocked.Read(ref _heardAt) is not 0 and var at && time.GetElapsedTime(at) < Patience;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = Shortest;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var notice in notices.ListenAsync(stoppingToken))
                {
                    Take(notice);
                    pause = Shortest;
                }
            }
            catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException or InvalidOperationException or OperationCanceledException)
            {
                var was = Interlocked.Exchange(ref _heardAt, 0);
                if (stoppingToken.IsCancellationRequested)
                    return;
                LogDisconnected(log, was == 0 ? LogLevel.Debug : LogLevel.Warning, e);
                await Task.Delay(pause, time, stoppingToken);
                pause = pause * 2 < Longest ? pause * 2 : Longest;
            }
        }
    }

    private void Take(EvictionNotice? notice)
    {
        if (notice is null)
        {
            if (Interlocked.Read(ref _heardAt) == 0)
            {
                cache.EvictAll(Eviction.Disconnected);
                LogListening(log);
            }

            Interlocked.Exchange(ref _heardAt, time.GetTimestamp());
        }
        else if (notice.Asked || cache.Options.EvictsArtists)
        {
            var reason = notice.Asked ? Eviction.Asked : Eviction.Commit;
            if (notice.ArtistKey is { } key)
                cache.EvictArtist(key, reason);
            else
                cache.EvictAll(reason);
        }
    }

    [LoggerMessage(EventName = "cache.listening", Level = LogLevel.Debug, Message = "The eviction listener is connected: the response cache is in use")]
    private static partial void LogListening(ILogger logger);

    [LoggerMessage(EventName = "cache.disconnected", Message = "The eviction listener has no connection: the response cache is not used until it reconnects")]
    private static partial void LogDisconnected(ILogger logger, LogLevel level, Exception exception);
}
