using System.Text.Json;
using System.Threading.RateLimiting;
using Harmony.Data;

namespace Harmony.Api.Access;

/// <summary>Writes to the audit which actor lacked the role for a request; a few rows at most, however often it is repeated.</summary>
internal sealed partial class Refusals(OperatorActions actions, TimeProvider time, ILogger<Refusals> logger) : IDisposable
{
    public const int MostAtOnce = 20;
    private const int LongestTarget = 200;
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly LruDictionary<string, DateTimeOffset> _written = new(1024);
    private readonly Dictionary<string, int> _unwritten = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    // One more row each minute; actors are configured, so there are not many.
    private readonly PartitionedRateLimiter<string> _rows = PartitionedRateLimiter.Create<string, string>(actor => RateLimitPartition.GetTokenBucketLimiter(
        actor, _ => new() { TokenLimit = MostAtOnce, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    public async Task NoteAsync(HttpContext context)
    {
        var actor = Actor.Of(context);
        var target = $"{context.Request.Method} {context.Request.Path.ToUriComponent()}";
        target = target.Length > LongestTarget ? target[..LongestTarget] : target;
        if (MayWrite(actor, target) is not { } before)
            return;

        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var detail = JsonSerializer.Serialize(new { role = CallerClaims.RoleOf(context.User), not_recorded_before = before });
            await actions.RecordAsync(actor, "refused", target, detail, patience.Token);
        }
        catch (Exception e) when (DatabaseErrors.IsDatabaseError(e) || e is OperationCanceledException)
        {
            // The request stays refused without its row; the log has it.
            NotRecorded(logger, e, actor, target);
        }
    }

    public void Dispose() => _rows.Dispose();

    /// <summary>The number of refusals of this actor without a row before this one; null when this one gets no row.</summary>
    private int? MayWrite(string actor, string target)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var place = $"{actor} {target}";
            var fresh = !_written.TryGet(place, out var last) || now - last >= Again;
            using var lease = fresh ? _rows.AttemptAcquire(actor) : null;
            if (lease is not { IsAcquired: true })
            {
                _unwritten[actor] = _unwritten.GetValueOrDefault(actor) + 1;
                return null;
            }

            _written.Set(place, now);
            _unwritten.Remove(actor, out var before);
            return before;
        }
    }

    [LoggerMessage(EventName = "auth.unrecorded", Level = LogLevel.Warning, Message = "The refusal of {Actor} for {Target} could not be written to the audit")]
    private static partial void NotRecorded(ILogger logger, Exception exception, string actor, string target);
}
