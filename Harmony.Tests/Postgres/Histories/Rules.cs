using Harmony.Data;

namespace Harmony.Tests.Postgres.Histories;

/// <summary>What must be true after every step of every history; each row is one thing that is not.</summary>
internal static class Rules
{
    private const string Broken =
        """
        with rows as materialized (
            select
                s.jobid,
                s.id,
                s.name,
                s.reason,
                s.data,
                lag(s.name) over of_job as before,
                lead(s.id) over of_job is null as newest
            from hangfire.state s
            window of_job as (partition by s.jobid order by s.id)
        ),
        lives as materialized (
            select
                r.*,
                count(*) filter (
                    where r.before in ('Succeeded', 'Failed', 'Deleted')
                        and r.name not in ('Succeeded', 'Failed', 'Deleted')
                        and not (r.before = 'Failed' and r.name = 'Scheduled' and coalesce(r.reason, '') like 'Retry attempt %'))
                    over (partition by r.jobid order by r.id) as life,
                count(*) filter (where r.name <> 'Processing') over (partition by r.jobid order by r.id) as outcome
            from rows r
        ),
        spent as materialized (
            select distinct on (v.jobid)
                v.jobid,
                count(*) filter (where v.name = 'Failed' and v.data ->> 'ReasonCode' is distinct from 'crash_loop') as failures,
                count(*) filter (where v.name = 'Scheduled' and coalesce(v.reason, '') like 'Retry attempt %') as retries
            from lives v
            group by v.jobid, v.life
            order by v.jobid, v.life desc
        ),
        jobs as materialized (
            select
                h.id,
                h.statename,
                h.stateid,
                h.expireat,
                h.invocationdata ->> 'Queue' as own_queue,
                h.statename in ('Succeeded', 'Failed', 'Deleted') as ended,
                l.kind,
                l.state,
                l.state_id,
                l.queue,
                l.claim,
                l.unique_key,
                l.attempts,
                l.revived,
                l.wake_key,
                l.reason_code,
                l.finished_at,
                l.dead_lettered_at,
                k.unique_until,
                (select count(*) from hangfire.jobqueue q where q.jobid = h.id) as tickets,
                (select count(*) from hangfire.set s where s.key = 'schedule' and s.value in (h.id::text, l.queue || ':' || h.id)) as timers,
                (select count(*) from hangfire.set s where s.key = 'retries' and s.value = h.id::text) as marks
            from hangfire.job h
            left join harmony.job l on l.job_id = h.id
            left join harmony.kind k on k.kind = l.kind
        ),
        problems (job, problem) as (
            select j.id, 'has no state'
            from jobs j
            where not exists (select from rows r where r.jobid = j.id and r.newest and r.id = j.stateid and r.name = j.statename)
            union all
            select j.id, format('ledger says %s %s, Hangfire %s %s', j.state, j.state_id, j.statename, j.stateid)
            from jobs j
            where (j.state, j.state_id) is distinct from (j.statename, j.stateid)
            union all
            select r.jobid, format('%s (%s) has %s events', r.name, r.id, count(e.event_id))
            from rows r
            left join harmony.job_event e on e.state_id = r.id and e.job_id = r.jobid and e.to_state = r.name
            group by r.jobid, r.name, r.id
            having count(e.event_id) <> 1
            union all
            select e.job_id, 'has an event without a state row'
            from harmony.job_event e
            where exists (select from hangfire.job h where h.id = e.job_id)
                and not exists (select from hangfire.state s where s.id = e.state_id)
            union all
            select e.job_id, format('event %s does not go on from where the last one ended', e.event_id)
            from (select x.*, lag(x.to_state) over (partition by x.job_id order by x.event_id) as last_state from harmony.job_event x) e
            where e.from_state is distinct from e.last_state
            union all
            select j.id, 'has ended and holds a key'
            from jobs j
            where j.ended and j.claim is not null
            union all
            select j.id, 'holds a key that is not its own'
            from jobs j
            where j.claim <> j.unique_key
            union all
            select j.id, 'runs without its key'
            from jobs j
            where j.statename = 'Processing' and j.unique_until = 'finished' and j.unique_key is not null and j.claim is null
            union all
            select j.id, 'runs and still holds its key'
            from jobs j
            where j.statename = 'Processing' and j.unique_until = 'started' and j.claim is not null
            union all
            select j.id, 'waits without its key'
            from jobs j
            where not j.ended and j.unique_until = 'finished' and j.unique_key is not null and j.claim is null and not j.revived
            union all
            select min(j.id), format('%s jobs run under the key %s', count(*), j.unique_key)
            from jobs j
            where j.statename = 'Processing' and j.unique_until = 'finished'
            group by j.kind, j.unique_key
            having count(*) > 1 and j.unique_key is not null
            union all
            select j.id, format('%s with %s tickets and %s timers', j.statename, j.tickets, j.timers)
            from jobs j
            where case
                when j.ended then j.timers > 0
                when j.statename = 'Scheduled' then j.timers > 1 or (j.timers = 1) = (j.tickets > 0)
                else j.tickets = 0 or j.timers > 0
            end
            union all
            select q.jobid, 'has a ticket on ' || q.queue
            from hangfire.jobqueue q
            join jobs j on j.id = q.jobid
            where q.queue not in (j.own_queue, 'parked') or j.own_queue <> j.queue
            union all
            select j.id, format('%s (%s) with %s marks of a retry', j.statename, r.reason, j.marks)
            from jobs j
            join rows r on r.id = j.stateid
            where j.marks <> case when r.name = 'Scheduled' and coalesce(r.reason, '') like 'Retry attempt %' then 1 else 0 end
            union all
            select j.id, format('%s attempts, but %s failed runs', j.attempts, s.failures)
            from jobs j
            join spent s on s.jobid = j.id
            where j.attempts <> s.failures
            union all
            select s.jobid, format('RetryCount %s, but %s retries', coalesce(p.value, 'none'), s.retries)
            from spent s
            left join (
                select x.jobid, string_agg(x.value, ' and ') as value
                from hangfire.jobparameter x
                where x.name = 'RetryCount'
                group by x.jobid
            ) p on p.jobid = s.jobid
            where coalesce(p.value, '0') <> s.retries::text
            union all
            select v.jobid, format('%s starts without an outcome', count(*))
            from lives v
            where v.name = 'Processing'
            group by v.jobid, v.outcome
            having count(*) > case when exists (select from play.effect e where e.job_id = v.jobid) then 10 else 3 end
            union all
            select j.id, j.statename || ' expires ' || coalesce(j.expireat::text, 'never')
            from jobs j
            where (j.expireat is not null) <> (j.statename in ('Succeeded', 'Deleted'))
            union all
            select j.id, format('%s: finished %s, dead %s, code %s, wakes by %s', j.statename, j.finished_at, j.dead_lettered_at, j.reason_code, j.wake_key)
            from jobs j
            where (j.finished_at is not null) <> j.ended
                or (j.dead_lettered_at is not null) <> (j.statename = 'Failed')
                or (j.reason_code is not null) <> (j.statename in ('Failed', 'Deleted'))
                or (j.wake_key is not null and j.statename <> 'Scheduled')
            union all
            select e.job_id, format('%s effects of step %s', count(*), e.step)
            from play.effect e
            group by e.job_id, e.step
            having count(*) > 1
            union all
            select e.job_id, 'had an effect of a run that was over'
            from play.effect e
            where e.newest <> e.fence
            union all
            select null, 'left the lock ' || l.resource
            from hangfire.lock l
            where l.updatecount = 0
        )
        select concat_ws(' ', 'job', p.job, p.problem) as problem
        from problems p
        """;

    public static async Task<string> BrokenAsync(Database database) =>
        string.Join('\n', await database.QueryAsync<string>($"{Broken} union all select problem from ({DashboardNumbers.Wrong}) n", null, CancellationToken.None));
}
