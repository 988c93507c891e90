using System.Globalization;
using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Sync;
using Harmony.Jobs.Artists.Watch;

namespace Harmony.Api.Pages.Watchlist;

/// <summary>The actions of the artist buttons: sync now, watch, pause, resume, remove.</summary>
internal static class WatchlistActions
{
    private const string MetadataOnly = "metadata";
    private const int LongestReason = 500;
    private static readonly string NoPriority =
        string.Create(CultureInfo.InvariantCulture, $"The priority must be a whole number from {WatchPriority.Least} to {WatchPriority.Most}.");

    public static void Map(RouteGroupBuilder acts)
    {
        acts.MapAct("/ui/artists/{key}/sync", SyncAsync);
        acts.MapAct("/ui/watchlist", async (HttpContext context, WatchlistEntries entries, WatchlistOperations operations, ArtistWatchlistRepository kept, CancellationToken cancellationToken) =>
            await AddAsync(ArtistLink.KeyOf(await PostedForm.TextAsync(context, "artist", cancellationToken)), context, entries, operations, kept, cancellationToken));
        acts.MapAct("/ui/watchlist/{key}/add", AddAsync);
        acts.MapAct("/ui/watchlist/{key}/priority", PrioritiseAsync);
        acts.MapAct("/ui/watchlist/{key}/keep", KeepAsync);
        acts.MapAct("/ui/watchlist/{key}/keep-priority", PrioritiseFreshAsync);
        acts.MapAct("/ui/watchlist/{key}/pause", PauseAsync);
        acts.MapAct("/ui/watchlist/{key}/resume", async (string key, HttpContext context, WatchlistOperations operations, CancellationToken cancellationToken) =>
            NoticeOf(await operations.ResumeAsync(Actor.Of(context), key, cancellationToken) is not null, "Resumed: it is checked at the next tick."));
        acts.MapAct("/ui/watchlist/{key}/remove", async (string key, HttpContext context, WatchlistOperations operations, CancellationToken cancellationToken) =>
            NoticeOf(await operations.UnwatchAsync(Actor.Of(context), key, cancellationToken), "Not watched any more. Files in the library remain."));
        acts.MapAct("/ui/watchlist/{key}/drop", async (string key, HttpContext context, WatchlistOperations operations, CancellationToken cancellationToken) =>
            NoticeOf(await operations.DropAsync(Actor.Of(context), key, cancellationToken), "Its metadata is not kept fresh any more. Stored metadata remains."));
    }

    private static async Task<Notice> SyncAsync(string key, HttpContext context, ArtistSyncs syncs, CancellationToken cancellationToken)
    {
        if (ArtistKey.SpotifyIdOf(key) is null)
            return NoticeOf(false, "");

        var job = await syncs.RequestAsync(Actor.Of(context), key, force: false, null, cancellationToken);
        return new Notice(job.AlreadyEnqueued ? $"A sync is waiting or running already: job {job.JobId}." : $"Sync enqueued: job {job.JobId}.");
    }

    private static async Task<Notice> PrioritiseAsync(string key, HttpContext context, WatchlistOperations operations, CancellationToken cancellationToken) =>
        await PostedPriorityAsync(context, cancellationToken) is { } priority
            ? NoticeOf(await operations.PrioritiseAsync(Actor.Of(context), key, priority, cancellationToken) is not null, $"Its priority is {priority} now: higher priorities are checked first.")
            : new Notice(NoPriority, Bad: true);

    private static async Task<Notice> PauseAsync(string key, HttpContext context, WatchlistOperations operations, CancellationToken cancellationToken)
    {
        var reason = await PostedForm.TextAsync(context, "reason", cancellationToken);
        if (reason?.Length > LongestReason || !PauseLengths.TryGet(await PostedForm.TextAsync(context, "length", cancellationToken), out var length))
            return new Notice($"Choose a length from the list, and give a reason of at most {LongestReason} characters.", Bad: true);
        var actor = Actor.Of(context);
        var why = string.IsNullOrWhiteSpace(reason) ? $"paused by {actor}" : reason;
        var paused = length is { } known
            ? await operations.PauseForAsync(actor, key, why, known, cancellationToken)
            : await operations.PauseAsync(actor, key, why, null, cancellationToken);
        var until = paused?.ResumeAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"until {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "until you resume it";
        return NoticeOf(paused is not null, $"Paused {until}: nothing of this artist is searched or downloaded.");
    }

    private static async Task<Notice> KeepAsync(string key, HttpContext context, ArtistWatchlistRepository kept, WatchlistOperations operations, CancellationToken cancellationToken)
    {
        if (ArtistKey.SpotifyIdOf(key) is null)
            return NoticeOf(false, "");
        return await KeptAsync(key, Actor.Of(context), kept, operations, cancellationToken);
    }

    private static async Task<Notice> PrioritiseFreshAsync(string key, HttpContext context, WatchlistOperations operations, CancellationToken cancellationToken) =>
        await PostedPriorityAsync(context, cancellationToken) is { } priority
            ? NoticeOf(await operations.PrioritiseFreshAsync(Actor.Of(context), key, priority, cancellationToken) is not null, $"Its priority on the metadata list is {priority} now.")
            : new Notice(NoPriority, Bad: true);

    private static async Task<int?> PostedPriorityAsync(HttpContext context, CancellationToken cancellationToken) =>
        int.TryParse(await PostedForm.TextAsync(context, "priority", cancellationToken), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority)
        && priority is >= WatchPriority.Least and <= WatchPriority.Most
            ? priority
            : null;

    private static async Task<Notice> KeptAsync(string key, string actor, ArtistWatchlistRepository kept, WatchlistOperations operations, CancellationToken cancellationToken)
    {
        if (await kept.FindAsync(key, cancellationToken) is not null)
            return new Notice($"The metadata of {key} is kept fresh already.", Bad: true);
        await operations.KeepFreshAsync(actor, key, 0, null, cancellationToken);
        return new Notice($"The metadata of {key} is kept fresh from the next tick on.");
    }

    private static async Task<Notice> AddAsync(
        string? key, HttpContext context, WatchlistEntries entries, WatchlistOperations operations, ArtistWatchlistRepository kept, CancellationToken cancellationToken)
    {
        var backlog = await PostedForm.TextAsync(context, "backlog", cancellationToken) ?? Backlog.None;
        if (backlog == MetadataOnly && ArtistKey.SpotifyIdOf(key) is not null)
            return await KeptAsync(key!, Actor.Of(context), kept, operations, cancellationToken);

        var entry = key is null ? null : await entries.AddAsync(new WatchRequest(key, Backlog: backlog), Actor.Of(context), cancellationToken);
        return entry switch
        {
            WatchlistEntry.Added added => new Notice($"{key} is watched; its first scan is job {added.ScanJobId}."),
            WatchlistEntry.Duplicate => new Notice($"{key} is on the watchlist already.", Bad: true),
            WatchlistEntry.Invalid invalid => new Notice($"{invalid.Field} {invalid.Message}", Bad: true),
            _ => new Notice("Not a Spotify artist: paste a share link, a URI such as spotify:artist:…, or spotify:<id>.", Bad: true),
        };
    }

    private static Notice NoticeOf(bool done, string words) => Notice.Of(done, words, "There is no such artist here.");
}
