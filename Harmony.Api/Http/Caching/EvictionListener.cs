using System.Net.Sockets;
using Harmony.Data.Evictions;
using Npgsql;

namespace Harmony.Api.Http.Caching;

/// <summary>Hears what commits evict. While it hears nothing, nothing kept is shown; and when it hears again, everything is forgotten, for something may have been missed.</summary>
internal sealed partial class EvictionListener(EvictionNotices notices, ResponseCache cache, TimeProvider time, ILogger<EvictionListener> log) : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    // A line through which nothing comes any more is not closed: a sign of life comes every five seconds, and two may not be missing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private long _heardAt;

    public bool IsHearing => Interlocked.Read(ref _heardAt) is not 0 and var at && time.GetElapsedTime(at) < Patience;

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
                Deaf(log, was == 0 ? LogLevel.Debug : LogLevel.Warning, e);
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
                cache.EvictAll(Eviction.Deaf);
                Hearing(log);
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

    [LoggerMessage(EventName = "cache.listening", Level = LogLevel.Debug, Message = "Commits evict kept answers from now on")]
    private static partial void Hearing(ILogger logger);

    [LoggerMessage(EventName = "cache.deaf", Message = "What commits evict cannot be heard: answers are made anew until it can")]
    private static partial void Deaf(ILogger logger, LogLevel level, Exception exception);
}
