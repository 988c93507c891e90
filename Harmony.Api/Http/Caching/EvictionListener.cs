using Harmony.Data.Evictions;
using Harmony.Data.Notices;

namespace Harmony.Api.Http.Caching;

/// <summary>Receives evictions from commits. While it is disconnected, the cache is not used; on reconnect the cache is emptied, because notices may have been missed.</summary>
internal sealed partial class EvictionListener(NoticeListener notices, ResponseCache cache, TimeProvider time, ILogger<EvictionListener> log)
    : BackgroundService, INoticeReceiver
{
    /// <summary>How often a silent connection is checked.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    // A dead connection is not always closed: of the checks, two may not be missing.
    private static readonly TimeSpan Patience = Quiet * 2;

    private long _heardAt;

    public bool IsListening => Interlocked.Read(ref _heardAt) is not 0 and var at && time.GetElapsedTime(at) < Patience;

    public void Alive()
    {
        if (Interlocked.Read(ref _heardAt) == 0)
        {
            cache.EvictAll(Eviction.Disconnected);
            LogListening(log);
        }

        Interlocked.Exchange(ref _heardAt, time.GetTimestamp());
    }

    public void Received(string channel, string payload)
    {
        var notice = EvictionNotice.Of(payload);
        if (!notice.Asked && !cache.Options.EvictsArtists)
            return;
        var reason = notice.Asked ? Eviction.Asked : Eviction.Commit;
        if (notice.ArtistKey is { } key)
            cache.EvictArtist(key, reason);
        else
            cache.EvictAll(reason);
    }

    public void Lost(Exception error)
    {
        var was = Interlocked.Exchange(ref _heardAt, 0);
        LogDisconnected(log, was == 0 ? LogLevel.Debug : LogLevel.Warning, error);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await notices.RunAsync(this, stoppingToken);
        Interlocked.Exchange(ref _heardAt, 0);
    }

    [LoggerMessage(EventName = "cache.listening", Level = LogLevel.Debug, Message = "The eviction listener is connected: the response cache is in use")]
    private static partial void LogListening(ILogger logger);

    [LoggerMessage(EventName = "cache.disconnected", Message = "The eviction listener has no connection: the response cache is not used until it reconnects")]
    private static partial void LogDisconnected(ILogger logger, LogLevel level, Exception exception);
}
