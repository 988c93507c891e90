using System.Runtime.CompilerServices;
using Dapper;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>What has failed for good, over all kinds: lists and figures. (Requeue and purge are the operator's desk.)</summary>
public sealed class DeadLetters(Database database)
{
    public async Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, CancellationToken ct)
    {
        var sql =
            $"""
            select
                j.job_id,
                j.kind,
                j.reason_code,
                left(j.last_error, 2000) as last_error,
                j.attempts,
                j.created_at,
                j.dead_lettered_at
            from harmony.job j
            where {Matching}
            order by {Order(filter)}
            limit @Limit
            offset @Offset;

            select count(*)
            from harmony.job j
            where {Matching}
            """;
        await using var connection = await database.Source.OpenConnectionAsync(ct);
        await using var sets = await connection.QueryMultipleAsync(new CommandDefinition(sql, filter, cancellationToken: ct));
        return new DeadLetterPage([.. await sets.ReadAsync<DeadLetter>()], await sets.ReadSingleAsync<long>());
    }

    /// <summary>Everything a choice means, oldest first, row by row.</summary>
    public async IAsyncEnumerable<DeadLetterInFull> StreamAsync(DeadLetterChoice choice, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await database.Source.OpenConnectionAsync(ct);
        var rows = connection.QueryUnbufferedAsync<DeadLetterInFull>(
            """
            select
                j.job_id,
                j.kind,
                j.reason_code,
                left(j.last_error, 10000) as last_error,
                j.attempts,
                j.unique_key,
                j.trace_id,
                j.created_at,
                j.dead_lettered_at,
                j.args::text as args
            from harmony.matching_dead(null, @Kind, @ReasonCode, @OlderThan, @Text) m
            cross join lateral (select l.* from harmony.job l where l.job_id = m limit 1) j
            """,
            choice);
        await foreach (var row in rows.WithCancellation(ct))
            yield return row;
    }

    /// <summary>How many a choice means at this moment.</summary>
    public Task<long> CountAsync(DeadLetterChoice choice, CancellationToken ct) =>
        database.QueryFirstAsync<long>(
            "select count(*) from harmony.matching_dead(@JobIds, @Kind, @ReasonCode, @OlderThan, @Text)", choice, ct);

    public async Task<DeadLetterStats> StatsAsync(CancellationToken ct)
    {
        var rows = await database.QueryAsync<ReasonCount>(
            """
            select
                coalesce(j.reason_code, 'unknown') as reason_code,
                count(*) as jobs,
                count(*) filter (where j.dead_lettered_at > (select harmony.now()) - interval '24 hours') as last_day
            from harmony.job j
            where j.state = 'Failed'
            group by 1
            order by 2 desc, 1
            """,
            null,
            ct);
        return new DeadLetterStats(
            rows.Sum(r => r.Jobs), rows.ToDictionary(r => r.ReasonCode, r => r.Jobs), rows.Sum(r => r.LastDay));
    }

    private static string Order(DeadLetterFilter filter)
    {
        var column = filter.ByCreation ? "j.created_at" : "j.dead_lettered_at";
        return filter.OldestFirst ? $"{column}, j.job_id" : $"{column} desc, j.job_id desc";
    }

    private const string Matching =
        """
        j.state = 'Failed'
            and (@Kind is null or j.kind = @Kind)
            and (@ReasonLike is null
                or j.last_error ilike '%' || @ReasonLike || '%'
                or j.reason_code ilike '%' || @ReasonLike || '%')
            and (@From::timestamptz is null or j.dead_lettered_at >= @From)
            and (@To::timestamptz is null or j.dead_lettered_at < @To)
        """;

    private sealed record ReasonCount
    {
        public required string ReasonCode { get; init; }

        public required long Jobs { get; init; }

        public required long LastDay { get; init; }
    }
}

public sealed record DeadLetterFilter
{
    public string? Kind { get; init; }

    /// <summary>Part of the reason code or of the last error, whatever the case.</summary>
    public string? ReasonLike { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>In the order they were enqueued in; otherwise in the order they died in.</summary>
    public bool ByCreation { get; init; }

    public bool OldestFirst { get; init; }

    public int Limit { get; init; } = 25;

    public int Offset { get; init; }
}

public sealed record DeadLetter
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    public string? ReasonCode { get; init; }

    public string? LastError { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DeadLetteredAt { get; init; }
}

/// <summary>A dead letter with all that is needed to look into it elsewhere.</summary>
public sealed record DeadLetterInFull
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    public string? ReasonCode { get; init; }

    public string? LastError { get; init; }

    public required int Attempts { get; init; }

    public string? UniqueKey { get; init; }

    public string? TraceId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DeadLetteredAt { get; init; }

    public required string Args { get; init; }
}

public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> Items, long Total);

public sealed record DeadLetterStats(long Total, IReadOnlyDictionary<string, long> ByReason, long LastDay);
