using Harmony.Api.Pages.Shell;

namespace Harmony.Api.Pages.Live;

/// <summary>The watched pages: one topic per page, address and role, as long as it has watchers; a bounded number of watchers.</summary>
internal sealed class LiveUpdates(PageRenderer renderer, TimeProvider clock, ILoggerFactory logs)
{
    public const int MostWatchers = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LiveTopic> _topics = new(StringComparer.Ordinal);
    private int _watchers;

    /// <summary>Joins the topic of the page; null when there are too many watchers.</summary>
    public LiveTopic? Join(PageAddress address, Frame frame)
    {
        lock (_gate)
        {
            if (_watchers >= MostWatchers)
                return null;

            _watchers++;
            var key = Key(frame);
            if (!_topics.TryGetValue(key, out var topic))
            {
                topic = new LiveTopic(renderer, address, frame, clock, logs.CreateLogger<LiveTopic>());
                _topics[key] = topic;
                topic.Start();
            }

            topic.Watchers++;
            return topic;
        }
    }

    public async Task LeaveAsync(LiveTopic topic, Frame frame)
    {
        lock (_gate)
        {
            _watchers--;
            topic.Watchers--;
            if (topic.Watchers > 0)
                return;

            _topics.Remove(Key(frame));
        }

        await topic.StopAsync();
    }

    private static string Key(Frame frame) => $"{frame.Role} {frame.Path}";
}
