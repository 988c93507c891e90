-- Dead letters by kind and reason: how many, since when, and the newest message.
select
    l.kind,
    coalesce(l.reason_code, 'unknown') as reason_code,
    count(*) as jobs,
    min(l.dead_lettered_at) as oldest,
    max(l.dead_lettered_at) as newest,
    (array_agg(left(l.last_error, 120) order by l.dead_lettered_at desc))[1] as newest_error
from harmony.job l
where l.state = 'Failed'
group by 1, 2
order by 3 desc, 1, 2;
