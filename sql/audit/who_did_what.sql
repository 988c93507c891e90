-- Who requeued, purged, cancelled, paused or resumed what, newest first (the last 200).
select
    a.at,
    a.actor,
    a.action,
    a.target,
    a.affected,
    a.dry_run,
    a.detail
from harmony.operator_action a
order by a.at desc
limit 200;
