using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Harmony.Api.Http.Caching;

/// <summary>
/// Answers GET, and HEAD which arrives as GET, from the cache, after every check that may refuse a call.
/// The first caller that finds an answer stale refreshes it with its own identity and waits for it; all others get
/// the stale answer at once. Nothing runs after a call has ended.
/// </summary>
internal sealed partial class ResponseCaching(
    RequestDelegate next, ResponseCache cache, EvictionListener listener, AnswerWriter writer, TimeProvider time, ILogger<ResponseCaching> log)
{
    // Headers of the call or the connection, not of the body.
    private static readonly HashSet<string> NotKept = new(
        [HeaderNames.ContentLength, HeaderNames.TransferEncoding, HeaderNames.Connection, HeaderNames.Date, HeaderNames.Age, HeaderNames.Vary, HeaderNames.ETag],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> KeyHolds = new(
        CachedAnswer.Vary.Split(',', StringSplitOptions.TrimEntries), StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && context.GetEndpoint() is RouteEndpoint endpoint && cache.Options.For(context.Request.Path) is { } times
            ? AnswerAsync(context, times, endpoint.RoutePattern.RawText ?? "")
            : next(context);

    private async Task AnswerAsync(HttpContext context, CacheTimes times, string template)
    {
        Question? question = null;
        Found found = new Found.Nothing();
        var usable = Safely(() =>
        {
            if (MayUse(context.Request))
                question = new(AnswerKey.Of(context), template, times, context.Request.Headers.IfNoneMatch, cache.Generation, time.GetTimestamp());
            if (question is not null && !WantsAnew(context.Request, found = cache.Find(question.Key)))
                Tell(question, found);
            else if (question is not null)
                found = Anew(question, found);
        });
        if (!usable || question is null)
        {
            CacheMetrics.Bypass();
            await next(context);
        }
        else if (found is Found.Fresh(var fresh, var age))
        {
            await writer.WriteAsync(context, fresh, question.IfNoneMatch, age);
        }
        else if (found is Found.Stale(var stale, var oldAge))
        {
            await writer.WriteAsync(context, stale, question.IfNoneMatch, oldAge);
        }
        else
        {
            await AskAsync(context, question, isTurn: found is Found.Turn);
        }
    }

    private async Task AskAsync(HttpContext context, Question question, bool isTurn)
    {
        var (request, response, onward) = (context.Request, context.Response, context.Response.Body);
        var before = response.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        await using var held = new HeldBody(response, onward);
        response.Body = held;
        // The endpoint must return a whole body, or there is nothing to cache.
        request.Headers.IfNoneMatch = default;
        try
        {
            await next(context);
            await response.CompleteAsync();
        }
        finally
        {
            response.Body = onward;
            request.Headers.IfNoneMatch = question.IfNoneMatch;
            if (isTurn)
                cache.Asked(question.Key);
        }

        CachedAnswer? answer = null;
        Safely(() =>
        {
            if (response.StatusCode is not (StatusCodes.Status200OK or >= 500))
                cache.Forget(question.Key);
            if (!held.IsPassedOn && MayBeKept(response))
                cache.Keep(answer = Made(question, context, before, held), question.Generation);
        });
        if (answer is not null)
            await writer.WriteAsync(context, answer, question.IfNoneMatch, age: null);
        else
            await held.PassOnAsync(context.RequestAborted);
    }

    private CachedAnswer Made(Question question, HttpContext context, Dictionary<string, StringValues> before, HeldBody held)
    {
        var body = held.Bytes.ToArray();
        var headers = context.Response.Headers;
        return new(
            question.Key,
            context.Request.Path.Value ?? "",
            question.Template,
            question.Times,
            headers.ETag.ToString() is { Length: > 0 } own ? own : EntityTag.Of(body, cache.Options.WeakTags),
            [.. headers.Where(h => !NotKept.Contains(h.Key) && (!before.TryGetValue(h.Key, out var was) || was != h.Value))],
            body,
            question.AskedAt);
    }

    private bool MayUse(HttpRequest request) =>
        (listener.IsListening || !cache.Options.EvictsOnCommit) && !(CacheControlHeaderValue.TryParse(request.Headers.CacheControl.ToString(), out var wish) && wish.NoStore);

    /// <summary>Whether the caller wants a new answer instead of a cached one.</summary>
    private static bool WantsAnew(HttpRequest request, Found found)
    {
        if (!CacheControlHeaderValue.TryParse(request.Headers.CacheControl.ToString(), out var wish))
            return request.Headers.Pragma.ToString().Contains("no-cache", StringComparison.OrdinalIgnoreCase);
        var age = found switch
        {
            Found.Fresh fresh => fresh.Age,
            Found.Stale stale => stale.Age,
            _ => TimeSpan.Zero,
        };
        return wish.NoCache || wish.MaxAge is { } most && age >= most;
    }

    private static bool MayBeKept(HttpResponse response)
    {
        var headers = response.Headers;
        return response.StatusCode == StatusCodes.Status200OK
            && HeldBody.IsJson(response.ContentType)
            && headers.SetCookie.Count == 0
            && headers.ContentEncoding.Count == 0
            && !(CacheControlHeaderValue.TryParse(headers.CacheControl.ToString(), out var control) && (control.NoStore || control.NoCache))
            && headers.GetCommaSeparatedValues(HeaderNames.Vary).All(KeyHolds.Contains);
    }

    private void Tell(Question question, Found found)
    {
        var hash = CachedAnswer.ShortOf(question.Key);
        var ttl = (int)question.Times.Ttl.TotalSeconds;
        switch (found)
        {
            case Found.Fresh:
                CacheMetrics.Hit();
                Hit(log, hash, question.Template, ttl);
                break;
            case Found.Stale:
                CacheMetrics.ServedStale();
                Expired(log, hash, question.Template, ttl, "shown");
                break;
            case Found.Turn:
                CacheMetrics.Missed();
                Expired(log, hash, question.Template, ttl, "asked anew");
                break;
            default:
                CacheMetrics.Missed();
                Miss(log, hash, question.Template, ttl);
                break;
        }
    }

    private Found Anew(Question question, Found found)
    {
        CacheMetrics.Missed();
        Miss(log, CachedAnswer.ShortOf(question.Key), question.Template, (int)question.Times.Ttl.TotalSeconds);
        return found is Found.Turn ? found : new Found.Nothing();
    }

    // A fault of the cache does not fail the call, unless FailOpen is off.
    private bool Safely(Action part)
    {
        try
        {
            part();
            return true;
        }
        catch (Exception e)
        {
            Failed(log, e);
            if (!cache.Options.FailOpen)
                ExceptionDispatchInfo.Throw(e);
            return false;
        }
    }

    [LoggerMessage(EventName = "cache.hit", Level = LogLevel.Debug, Message = "Cache hit: {KeyHash} of {PathTemplate}, ttl {Ttl} s")]
    private static partial void Hit(ILogger logger, string keyHash, string pathTemplate, int ttl);

    [LoggerMessage(EventName = "cache.miss", Level = LogLevel.Debug, Message = "Cache miss: {KeyHash} of {PathTemplate}, ttl {Ttl} s")]
    private static partial void Miss(ILogger logger, string keyHash, string pathTemplate, int ttl);

    [LoggerMessage(EventName = "cache.expired", Level = LogLevel.Debug, Message = "Cache entry expired: {KeyHash} of {PathTemplate}, ttl {Ttl} s ({Then})")]
    private static partial void Expired(ILogger logger, string keyHash, string pathTemplate, int ttl, string then);

    [LoggerMessage(EventName = "cache.error", Level = LogLevel.Error, Message = "The response cache failed")]
    private static partial void Failed(ILogger logger, Exception exception);

    private sealed record Question(string Key, string Template, CacheTimes Times, StringValues IfNoneMatch, long Generation, long AskedAt);
}
