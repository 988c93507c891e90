using System.Runtime.CompilerServices;
using Dapper;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>Reads the jobs of all kinds that failed for good. <see cref="JobOperations"/> requeues and purges them.</summary>
public sealed class DeadLetters(Database database)
{
    /// <summary>How many dead letters one answer searches for a text.</summary>
    public const int Window = DeadLetterSql.Window;

    internal const string CountSql = "select count(*) from harmony.job where state = 'Failed'";

    internal const string GroupsSql =
        """
        select
            kind,
            coalesce(reason_code, 'unknown') as reason_code,
            count(*) as jobs,
            count(*) filter (where dead_lettered_at > (select harmony.now()) - interval '24 hours') as last_day,
            count(*) filter (where dead_lettered_at > (select harmony.now()) - interval '5 minutes') as fresh,
            min(dead_lettered_at) as oldest,
            max(dead_lettered_at) as newest
        from harmony.job
        where state = 'Failed'
        group by 1, 2
        order by 3 desc, 1, 2
        """;

    public async Task<DeadLettersFound> ListAsync(DeadLetterFilter filter, int limit, CancellationToken cancellationToken)
    {
        // One row more than requested shows whether there is a next page.
        var sql = new DeadLetterSql(filter);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<LookedLetters, DeadLetter?, (LookedLetters Looked, DeadLetter? Letter)>(
            new CommandDefinition(sql.Lines, sql.Parameters(limit + 1), cancellationToken: cancellationToken), (looked, letter) => (looked, letter), splitOn: "job_id")).AsList();
        List<DeadLetter> found = [.. rows.Select(r => r.Letter).OfType<DeadLetter>()];
        List<DeadLetter> items = [.. found.Take(limit)];
        var looked = rows[0].Looked;
        var cut = sql.LooksThrough && found.Count <= limit && looked.LookedAt == Window;
        var next = found.Count > limit ? new DeadLetterCursor(items[^1].DeadLetteredAt, items[^1].JobId)
            : cut ? new DeadLetterCursor(looked.LastAt!.Value, looked.LastId!.Value)
            : null;
        return new DeadLettersFound(items, next, cut);
    }

    /// <summary>The number of matches of a filter, independent of the reader's position.</summary>
    public Task<long> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var sql = new DeadLetterSql(filter);
        return database.QueryFirstAsync<long>(sql.Count, sql.Parameters(0), cancellationToken);
    }

    /// <summary>By kind and reason, the most frequent first.</summary>
    public Task<IReadOnlyList<DeadLetterGroup>> ListGroupsAsync(CancellationToken cancellationToken) => database.QueryAsync<DeadLetterGroup>(GroupsSql, null, cancellationToken);

    /// <summary>The current number of matches of a choice.</summary>
    public Task<long> CountAsync(DeadLetterChoice choice, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<long>(
            "select count(*) from harmony.matching_dead(@JobIds, @Kind, @ReasonCode, @OlderThan, @Text)", choice, cancellationToken);

    /// <summary>All matches of a choice, oldest first, row by row.</summary>
    public async IAsyncEnumerable<DeadLetterInFull> StreamAsync(DeadLetterChoice choice, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<DeadLetterInFull>(
            """
            select
                j.job_id,
                j.kind,
                j.title,
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
        await foreach (var row in rows.WithCancellation(cancellationToken))
            yield return row;
    }

    private sealed record LookedLetters
    {
        public required long LookedAt { get; init; }

        public DateTimeOffset? LastAt { get; init; }

        public long? LastId { get; init; }
    }
}
