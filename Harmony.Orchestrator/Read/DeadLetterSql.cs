using Dapper;

namespace Harmony.Orchestrator;

/// <summary>
/// The statement that lists dead letters. It has only the conditions of the filter, so that each form gets its own plan. A text without an
/// index is compared in a window of the rows that match the other conditions, unless the reader uses page numbers.
/// </summary>
internal sealed class DeadLetterSql(DeadLetterFilter filter)
{
    public const int Window = 10_000;

    public bool LooksThrough { get; } = (filter.Text ?? filter.ReasonLike) is not null && filter.Skip == 0;

    public string Lines =>
        $"""
        with looked as materialized (
            select
                j.job_id,
                j.dead_lettered_at
            from harmony.job j
            where {Indexed}
                {(LooksThrough ? "" : Compared)}
                {Place}
            order by {Order("j", filter.OldestFirst)}
            limit @window
            offset @Skip
        )
        select
            l.looked_at,
            l.last_at,
            l.last_id,
            j.job_id,
            j.kind,
            j.title,
            j.reason_code,
            left(j.last_error, 2000) as last_error,
            j.attempts,
            j.created_at,
            j.dead_lettered_at
        from (
            select
                (select count(*) from looked) as looked_at,
                (select k.dead_lettered_at from looked k order by {Order("k", !filter.OldestFirst)} limit 1) as last_at,
                (select k.job_id from looked k order by {Order("k", !filter.OldestFirst)} limit 1) as last_id
        ) l
        left join lateral (
            select j.*
            from looked k
            cross join lateral (select d.* from harmony.job d where d.job_id = k.job_id limit 1) j
            where true
                {(LooksThrough ? Compared : "")}
            order by {Order("k", filter.OldestFirst)}
            limit @limit
        ) j on true
        order by {Order("j", filter.OldestFirst)}
        """;

    public string Count =>
        $"""
        select count(*)
        from harmony.job j
        where {Indexed}
            {Compared}
        """;

    public DynamicParameters Parameters(int limit)
    {
        var parameters = new DynamicParameters(new
        {
            filter.Kind,
            filter.ReasonCode,
            filter.OlderThan,
            filter.From,
            filter.To,
            filter.Skip,
            At = filter.After?.DiedAt,
            Id = filter.After?.JobId,
            ReasonLike = Like(filter.ReasonLike),
            Text = Like(filter.Text),
        });
        parameters.Add("limit", limit);
        parameters.Add("window", LooksThrough ? Window : limit);
        return parameters;
    }

    private string Indexed => Joined(
        "j.state = 'Failed'",
        filter.Kind is null ? null : "and j.kind = @Kind",
        filter.ReasonCode is null ? null : "and coalesce(j.reason_code, 'unknown') = @ReasonCode",
        filter.OlderThan is null ? null : "and j.dead_lettered_at < (select harmony.now()) - @OlderThan",
        filter.From is null ? null : "and j.dead_lettered_at >= @From",
        filter.To is null ? null : "and j.dead_lettered_at < @To");

    private string Compared => Joined(
        filter.Text is null ? null : "and (j.last_error ilike @Text or j.title ilike @Text)",
        filter.ReasonLike is null ? null : "and (j.last_error ilike @ReasonLike or j.reason_code ilike @ReasonLike)");

    private string Place => filter switch
    {
        { After: null } => "",
        { ByCreation: true } => $"and j.job_id {(filter.OldestFirst ? ">" : "<")} @Id",
        _ => $"and (j.dead_lettered_at, j.job_id) {(filter.OldestFirst ? ">" : "<")} (@At, @Id)",
    };

    // Ids follow the order of creation, and have an index.
    private string Order(string table, bool oldestFirst)
    {
        var direction = oldestFirst ? "" : " desc";
        return filter.ByCreation ? $"{table}.job_id{direction}" : $"{table}.dead_lettered_at{direction}, {table}.job_id{direction}";
    }

    private static string Joined(params IEnumerable<string?> parts) => string.Join("\n                ", parts.OfType<string>());

    private static string? Like(string? text) => text is null ? null : $"%{LikePattern.Escaped(text)}%";
}
