using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Api.Pages.Shell;

namespace Harmony.Api.Pages.Live;

/// <summary>GET /ui/live?page=/ui/jobs/42 : the changed parts of that page as server-sent events.</summary>
internal static class LiveStream
{
    // Sent as an event and parsed as JSON, never inserted into a page as it is: HTML escaping is not needed.
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    // A browser reconnects at once and is authorized again. After a sign-out the stream ends at the next state or quiet period.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    public static IResult Open(
        string? page, HttpContext context, PageCatalogue catalogue, FrameMaker frames, LiveUpdates updates, Sessions sessions, IHostApplicationLifetime host)
    {
        if (page is not { Length: > 0 and < 2000 } || catalogue.Find(page) is not { } address)
            return TypedResults.NotFound();

        var frame = frames.Of(context, page);
        if (updates.Join(address, frame) is not { } topic)
            return new ApiProblem(ApiError.TooManyReaders);

        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Response.OnCompleted(() => updates.LeaveAsync(topic, frame));
        return TypedResults.ServerSentEvents(EventsAsync(topic, MayWatch, host.ApplicationStopping, context.RequestAborted));

        bool MayWatch() => !CallerClaims.IsSignedIn(context.User) || sessions.Holds(context.User);
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        LiveTopic topic, Func<bool> mayWatch, CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        both.CancelAfter(Longest);
        var seen = 0L;
        for (var state = await FirstAsync(topic, both.Token); state is not null && mayWatch(); state = await NextAsync(topic, seen, both.Token))
        {
            foreach (var item in Items(state, seen))
                yield return item;

            seen = state.Tick;
        }
    }

    private static async Task<LiveState?> FirstAsync(LiveTopic topic, CancellationToken cancellationToken)
    {
        try
        {
            return await topic.FreshAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The next state, the same state again after a quiet period (so that dead connections are noticed), null at the end.</summary>
    private static async Task<LiveState?> NextAsync(LiveTopic topic, long seen, CancellationToken cancellationToken)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        quiet.CancelAfter(Quiet);
        try
        {
            return await topic.NextAsync(seen, quiet.Token);
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? null : topic.State;
        }
    }

    private static IEnumerable<SseItem<string>> Items(LiveState state, long seen)
    {
        if (state.Trouble)
        {
            yield return new SseItem<string>("", "trouble");
            yield break;
        }

        var news = state.Parts.Where(p => p.Value.Tick > seen).ToList();
        foreach (var (id, part) in news)
            yield return new SseItem<string>(JsonSerializer.Serialize(new { id, html = part.Html }, Relaxed), "fragment");

        if (news.Count == 0)
            yield return new SseItem<string>("", "quiet");
    }
}
