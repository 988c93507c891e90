using Harmony.Data;

namespace Harmony.Tests.Postgres;

/// <summary>
/// All that Hangfire's tables hold about one job, one line per row, as its own code would find it. Times become their
/// distance from their row's own clock in tens of seconds, ids of the run become words; a JSON value that is no string is marked.
/// </summary>
internal static class StorageRows
{
    private const string Sql =
        """
        with facts as (
            select h.*, coalesce(s.createdat, h.createdat) as changed_at
            from hangfire.job h
            left join hangfire.state s on s.id = h.stateid
            where h.id = @job
        ),
        lines (part, ord, line) as (
            select 1, 0, format('job %s, %s', f.statename,
                coalesce('expires after ' || (round(extract(epoch from f.expireat - f.changed_at) / 10) * 10)::bigint || ' s', 'never expires'))
            from facts f
            union all
            select 2, s.id, format('%s%s | %s | %s', s.name, case when s.id = f.stateid then '' else ' (history)' end, coalesce(s.reason, '-'), (
                select string_agg(d.key || '=' || case
                    when jsonb_typeof(d.value) <> 'string' then jsonb_typeof(d.value) || '!'
                    when d.value #>> '{}' ~ '^[0-9]{13}$'
                        then 'ms' || to_char(round(((d.value #>> '{}')::bigint / 1000.0 - extract(epoch from s.createdat)) / 10) * 10, 'FMSG999999990')
                    when d.value #>> '{}' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then 'guid'
                    when d.key = 'Latency' and d.value #>> '{}' ~ '^[0-9]+$' then 'ms'
                    else d.value #>> '{}' end, ', ' order by d.key collate "C")
                from jsonb_each(s.data) d))
            from hangfire.state s
            join facts f on f.id = s.jobid
            union all
            select 3, q.id, format('ticket on %s, %s', q.queue, case when q.fetchedat is null then 'waiting' else 'fetched' end)
            from hangfire.jobqueue q
            where q.jobid = @job
            union all
            select 4, row_number() over (order by s.key), format('in %s as %s, score %s%s', s.key, replace(s.value, @job::text, 'id'),
                case when s.score = 0 then '0' else to_char(round(((s.score - extract(epoch from f.changed_at)) / 10)::numeric) * 10, 'FMSG999999990') end,
                case when s.score <> floor(s.score) then ' with a fraction' end)
            from hangfire.set s
            join facts f on s.value in (f.id::text, f.invocationdata ->> 'Queue' || ':' || f.id)
            union all
            select 5, p.id, format('parameter %s = %s', p.name, p.value)
            from hangfire.jobparameter p
            where p.jobid = @job
            union all
            select 6, min(c.id), format('%s %s, %s',
                regexp_replace(regexp_replace(c.key, ':\d{4}-\d\d-\d\d-\d\d$', ':hour'), ':\d{4}-\d\d-\d\d$', ':day'), to_char(sum(c.value), 'FMSG999999990'),
                case
                    when c.expireat is null then 'kept'
                    when c.expireat > harmony.now() + interval '27 days' then 'for a month'
                    else 'for a day'
                end)
            from hangfire.counter c
            group by c.key, c.expireat is null, c.expireat > harmony.now() + interval '27 days', c.expireat
        )
        select l.line
        from lines l
        order by l.part, l.ord
        """;

    public static async Task<string> OfAsync(Database database, long job) =>
        string.Join('\n', await database.QueryAsync<string>(Sql, new { job }, CancellationToken.None));
}
