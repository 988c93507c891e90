using System.Globalization;
using System.Net;
using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Titles;

namespace Harmony.Jobs.Providers.Lyrics;

/// <summary>LRCLIB: the exact request first, then its search, which ignores the duration and is filtered here.</summary>
public sealed class LrclibSource(ProviderHttp http, LyricsOptions options, TimeProvider time) : ILyricsSource
{
    public const string Provider = "lrclib";

    private const int MaxBytes = 4 * 1024 * 1024;
    private const double ToleranceSeconds = 2;
    private const double MinSimilarity = 0.85;

    public string Name => Provider;

    public async Task<Lyrics?> FindAsync(LyricsQuery query, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(query.Artist) || string.IsNullOrWhiteSpace(query.Title))
            return null;

        return await GetAsync(query, cancellationToken) ?? await SearchAsync(query, cancellationToken);
    }

    private async Task<Lyrics?> GetAsync(LyricsQuery query, CancellationToken cancellationToken)
    {
        var question = $"/api/get?track_name={Escaped(query.Title)}&artist_name={Escaped(query.Artist)}";
        if (!string.IsNullOrWhiteSpace(query.Album))
            question += $"&album_name={Escaped(query.Album)}";

        // LRCLIB refuses a request with a duration outside 1 to 3600 seconds.
        if (query.Duration is { TotalSeconds: >= 1 and <= 3600 } duration)
            question += string.Create(CultureInfo.InvariantCulture, $"&duration={Math.Round(duration.TotalSeconds):0}");

        var reply = await AskAsync(question, "the lyrics", cancellationToken);
        return reply.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest
            ? null
            : ToLyrics(Checked(reply).ReadJson(LyricsJson.Default.LrclibWire), query);
    }

    private async Task<Lyrics?> SearchAsync(LyricsQuery query, CancellationToken cancellationToken)
    {
        var reply = await AskAsync($"/api/search?track_name={Escaped(query.Title)}&artist_name={Escaped(query.Artist)}", "the lyrics search", cancellationToken);
        if (reply.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
            return null;

        return Checked(reply).ReadJson(LyricsJson.Default.ListLrclibWire)
            .Where(found => found is not null && IsMeant(found, query))
            .OrderByDescending(found => !string.IsNullOrWhiteSpace(found.SyncedLyrics))
            .ThenBy(found => query.Duration is { } wanted ? Math.Abs((found.Duration ?? 0) - wanted.TotalSeconds) : 0)
            .Select(found => ToLyrics(found, query))
            .FirstOrDefault(lyrics => lyrics is not null);
    }

    private static bool IsMeant(LrclibWire found, LyricsQuery query) =>
        TitleText.Similarity(query.Title, found.TrackName ?? "") >= MinSimilarity
        && TitleText.Similarity(query.Artist, found.ArtistName ?? "") >= MinSimilarity
        && (query.Duration is not { } wanted
            || (found.Duration is { } seconds && Math.Abs(seconds - wanted.TotalSeconds) <= ToleranceSeconds));

    private static Lyrics? ToLyrics(LrclibWire found, LyricsQuery query) =>
        LrcText.Clean(new Lyrics(found.SyncedLyrics, found.PlainLyrics, found.Instrumental ?? false, Provider), query.Duration);

    // A refusal, an empty answer and 520 mean that LRCLIB is down or blocks us, not that a song has no lyrics.
    private ProviderReply Checked(ProviderReply reply) => reply.IsSuccess ? reply : throw LyricsRefusal.Of(reply, time);

    private Task<ProviderReply> AskAsync(string question, string what, CancellationToken cancellationToken)
    {
        var client = http.To(Provider, new CallLimits(options.Timeout, options.Retries, MaxBytes));
        return client.SendTwiceAsync(
            () => new HttpRequestMessage(HttpMethod.Get, options.LrclibBaseUrl.AbsoluteUri.TrimEnd('/') + question),
            what,
            cancellationToken);
    }

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
