using System.Globalization;
using Dapper;

namespace Harmony.Orchestrator;

/// <summary>
/// The statements that list jobs newest first without a scan of a whole table. Ids, keys, parents, kinds, lanes and states are read from an
/// index in order; a condition without an ordered index (a text) is checked in a window of the rows that the index returns.
/// </summary>
internal sealed class JobSearchSql(JobFilter filter)
{
    public const int Window = 10_000;

    /// <summary>The jobs from the index are read and compared one by one.</summary>
    public bool LooksThrough { get; } =
        filter.Text is not null
        || (filter.Id is not null || filter.Key is not null || filter.Parent is not null)
            && (filter.State is not null || filter.Kind is not null || filter.Lane is not null || filter.Parent is not null);

    public string Ids => $"{Looked}\n{Found}";

    public string Lines =>
        $"""
        {Looked}
        select
            l.looked_at,
            l.last,
            {Columns}
        from (select count(*) as looked_at, min(job_id) as last from looked) l
        left join (
            {Found}
        ) f on true
        left join lateral (select j.* from harmony.job j where j.job_id = f.job_id limit 1) j on true
        order by f.job_id desc
        """;

    public DynamicParameters Parameters(int limit)
    {
        var parameters = new DynamicParameters(new { filter.Id, filter.State, filter.Kind, filter.Lane, filter.Key, filter.Parent, filter.Before });
        parameters.Add("limit", limit);
        parameters.Add("window", LooksThrough ? Window : limit);
        if (filter.Text is { } text)
            parameters.Add("like", string.Create(CultureInfo.InvariantCulture, $"%{LikePattern.Escaped(text)}%"));
        return parameters;
    }

    private string Looked =>
        $"""
        with looked as materialized ({Candidates(filter)}
            order by job_id desc
            limit @window
        )
        """;

    private string Found =>
        $"""
        select k.job_id
        from looked k
        {(LooksThrough ? $"cross join lateral (select j.* from harmony.job j where j.job_id = k.job_id limit 1) j where {Rest(filter)}" : "")}
        order by k.job_id desc
        limit @limit
        """;

    // Each form of the statement has only the conditions it needs: a plan for "this or nothing" would fit none of them.
    private static string Candidates(JobFilter f)
    {
        var before = f.Before is null ? "" : " and j.job_id < @Before";
        if (f.Id is not null)
            return $"select j.job_id from harmony.job j where j.job_id = @Id{before}";
        if (f.Key is not null)
            return $"select j.job_id from harmony.job j where j.unique_key = @Key{before}";
        if (f.Parent is not null)
            return $"select j.job_id from harmony.job j where j.parent_job_id = @Parent{before}";
        if (f.Kind is null && f.Lane is null)
            return f.State is null ? $"select j.job_id from harmony.job j where true{before}" : $"select j.job_id from harmony.job j where j.state = @State{before}";

        var kinds = (f.Kind, f.Lane) switch
        {
            (not null, null) => "(values (@Kind)) as k (kind)",
            (null, _) => "(select k.kind from harmony.kind k where k.lane = @Lane) k",
            _ => "(select k.kind from harmony.kind k where k.lane = @Lane and k.kind = @Kind) k",
        };
        var states = f.State is null ? "unnest(array['Enqueued', 'Scheduled', 'Processing', 'Succeeded', 'Failed', 'Deleted', 'Awaiting'])" : "(values (@State))";
        return $"""
            select one.job_id
                from {kinds}
                cross join {states} as s (state)
                cross join lateral (
                    select j.job_id
                    from harmony.job j
                    where j.kind = k.kind
                        and j.state = s.state{before}
                    order by j.job_id desc
                    limit @window
                ) one
            """;
    }

    private static string Rest(JobFilter f)
    {
        List<string> parts = ["true"];
        if (f.Id is not null || f.Key is not null || f.Parent is not null)
        {
            if (f.State is not null)
                parts.Add("j.state = @State");
            if (f.Kind is not null)
                parts.Add("j.kind = @Kind");
            if (f.Lane is not null)
                parts.Add("j.kind in (select k.kind from harmony.kind k where k.lane = @Lane)");
            if (f.Parent is not null)
                parts.Add("j.parent_job_id = @Parent");
        }

        if (f.Text is not null)
            parts.Add(f.InArguments ? "(j.last_error ilike @like or j.title ilike @like or j.args::text ilike @like)" : "(j.last_error ilike @like or j.title ilike @like)");
        return string.Join(" and ", parts);
    }

    private const string Columns =
        """
        j.job_id,
            j.kind,
            j.title,
            j.lane,
            j.state,
            j.reason,
            j.reason_code,
            j.unique_key,
            j.attempts,
            j.max_retries,
            left(j.last_error, 2000) as last_error,
            j.progress_done,
            j.progress_total,
            left(j.progress_line, 300) as progress_line,
            j.requested_by,
            j.created_at,
            j.due_at,
            j.started_at,
            j.finished_at,
            j.dead_lettered_at,
            j.duration_ms
        """;
}
