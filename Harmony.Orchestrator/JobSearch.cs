using System.Globalization;
using Dapper;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>
/// Lists jobs newest first without ever walking over a whole table. Ids, keys, parents, kinds, lanes and states are read from an index that has them
/// in order; what no index has in order (a reason, an age, a text) is looked for in a window of what the index gives, and the answer says how far it looked.
/// </summary>
public sealed class JobSearch(Database database)
{
    /// <summary>How many jobs one answer looks through.</summary>
    public const int Window = 10_000;

    public async Task<JobsFound> FindAsync(JobFilter filter, int limit, CancellationToken ct)
    {
        var looksThrough = LooksThrough(filter);
        var parameters = Parameters(filter);
        parameters.Add("limit", limit);
        parameters.Add("window", looksThrough ? Window : limit);
        var sql =
            $"""
            with looked as materialized ({Candidates(filter)}
                order by job_id desc
                limit @window
            )
            select
                l.looked_at,
                l.last,
                {Columns}
            from (select count(*) as looked_at, min(job_id) as last from looked) l
            left join (
                select k.job_id
                from looked k
                {(looksThrough ? $"cross join lateral (select j.* from harmony.job j where j.job_id = k.job_id limit 1) j where {Rest(filter)}" : "")}
                order by k.job_id desc
                limit @limit
            ) f on true
            left join lateral (select j.* from harmony.job j where j.job_id = f.job_id limit 1) j on true
            order by f.job_id desc
            """;
        await using var connection = await database.Source.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Looked, JobLine?, (Looked Looked, JobLine? Job)>(
            new CommandDefinition(sql, parameters, cancellationToken: ct), (looked, job) => (looked, job), splitOn: "job_id")).AsList();
        List<JobLine> items = [.. rows.Select(r => r.Job).OfType<JobLine>()];
        var (lookedAt, last) = rows[0].Looked;
        var next = items.Count == limit ? items[^1].JobId : lookedAt == Window ? last : null;
        return new JobsFound(items, next, looksThrough && items.Count < limit && lookedAt == Window);
    }

    /// <summary>Those of the jobs that are still in the state.</summary>
    public Task<IReadOnlyList<long>> StillAsync(IReadOnlyList<long> jobIds, string state, CancellationToken ct) =>
        database.QueryAsync<long>(
            "select j.job_id from harmony.job j where j.job_id = any (@jobIds) and j.state = @state order by 1", new { jobIds, state }, ct);

    /// <summary>The newest ids that match, at most so many.</summary>
    public Task<IReadOnlyList<long>> IdsAsync(JobFilter filter, int most, CancellationToken ct)
    {
        var parameters = Parameters(filter);
        parameters.Add("most", most);
        parameters.Add("window", LooksThrough(filter) ? Window : most);
        return database.QueryAsync<long>(
            $"""
            with looked as materialized ({Candidates(filter)}
                order by job_id desc
                limit @window
            )
            select k.job_id
            from looked k
            {(LooksThrough(filter) ? $"cross join lateral (select j.* from harmony.job j where j.job_id = k.job_id limit 1) j where {Rest(filter)}" : "")}
            order by k.job_id desc
            limit @most
            """,
            parameters,
            ct);
    }

    private static bool LooksThrough(JobFilter f) =>
        f.Text is not null || f.DeadBefore is not null || f.Reason is not null && !HasReasonInOrder(f)
        || (f.Id is not null || f.Key is not null || f.Parent is not null) && (f.State is not null || f.Kind is not null || f.Lane is not null || f.Parent is not null);

    // Dead letters have an index by kind and reason.
    private static bool HasReasonInOrder(JobFilter f) => f is { State: "Failed", Id: null, Key: null, Parent: null, Lane: null };

    // Every shape of the statement has only the conditions it needs: a plan for "this or nothing" would fit none of them.
    private static string Candidates(JobFilter f)
    {
        var before = f.Before is null ? "" : " and j.job_id < @Before";
        if (f.Id is not null)
            return $"select j.job_id from harmony.job j where j.job_id = @Id{before}";
        if (f.Key is not null)
            return $"select j.job_id from harmony.job j where j.unique_key = @Key{before}";
        if (f.Parent is not null)
            return $"select j.job_id from harmony.job j where j.parent_job_id = @Parent{before}";
        if (f.Reason is not null && HasReasonInOrder(f))
            return $"""
                select one.job_id
                    from {(f.Kind is null ? "(select distinct d.kind from harmony.job d where d.state = 'Failed')" : "(values (@Kind))")} as k (kind)
                    cross join lateral (
                        (
                            select j.job_id
                            from harmony.job j
                            where j.state = 'Failed'
                                and j.kind = k.kind
                                and j.reason_code = @Reason{before}
                            order by j.job_id desc
                            limit @window
                        )
                        union all
                        (
                            select j.job_id
                            from harmony.job j
                            where @Reason = 'unknown'
                                and j.state = 'Failed'
                                and j.kind = k.kind
                                and j.reason_code is null{before}
                            order by j.reason_code, j.job_id desc
                            limit @window
                        )
                    ) one
                """;
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

        if (f.Reason is not null && !HasReasonInOrder(f))
            parts.Add("coalesce(j.reason_code, 'unknown') = @Reason");
        if (f.DeadBefore is not null)
            parts.Add("j.dead_lettered_at < (select harmony.now()) - @DeadBefore");
        if (f.Text is not null)
            parts.Add(f.InArguments ? "(j.last_error ilike @like or j.args::text ilike @like)" : "j.last_error ilike @like");
        return string.Join(" and ", parts);
    }

    private static DynamicParameters Parameters(JobFilter f)
    {
        var parameters = new DynamicParameters(new { f.Id, f.State, f.Kind, f.Lane, f.Key, f.Parent, f.Reason, f.Before, f.DeadBefore });
        if (f.Text is { } text)
            parameters.Add("like", string.Create(CultureInfo.InvariantCulture, $"%{LikePattern.Escaped(text)}%"));
        return parameters;
    }

    private const string Columns =
        """
        j.job_id,
            j.kind,
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

/// <param name="LookedAt">How many jobs the answer looked through.</param>
/// <param name="Last">The oldest of them.</param>
internal sealed record Looked(long LookedAt, long? Last);

/// <param name="Next">Where to go on; null when there is nothing older.</param>
/// <param name="Cut">There may be more that match further back.</param>
public sealed record JobsFound(IReadOnlyList<JobLine> Items, long? Next, bool Cut);

/// <summary>What to list; a part that is null does not matter.</summary>
public sealed record JobFilter
{
    public long? Id { get; init; }

    public string? State { get; init; }

    public string? Kind { get; init; }

    public string? Lane { get; init; }

    public string? Key { get; init; }

    public long? Parent { get; init; }

    public string? Reason { get; init; }

    /// <summary>Dead letters older than this.</summary>
    public TimeSpan? DeadBefore { get; init; }

    /// <summary>Part of the last error, whatever the case.</summary>
    public string? Text { get; init; }

    /// <summary>Look for the text in the arguments too: not for those who may not see them.</summary>
    public bool InArguments { get; init; }

    public long? Before { get; init; }
}
