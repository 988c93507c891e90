-- Brings tickets back from the queue parked, in batches, whose kinds are free now; of a kind on trial, one. Returns how many.
-- Locks, in this order: rows of harmony.parked_kind, by kind and skip locked; tickets, by skip locked; rows of harmony.queue_head whose queue
-- got an older ticket. One NOTIFY.

create or replace function harmony.unpark(p_limit integer) returns integer
language plpgsql
as $$
declare
    v_blocked text[];
    v_half text[];
    v_kind text;
    v_got integer;
    v_back integer := 0;
begin
    if not exists (select from harmony.parked_kind) then
        return 0;
    end if;
    v_blocked := harmony.blocked_kinds();
    v_half := harmony.half_open_kinds();

    for v_kind in
        select p.kind
        from harmony.parked_kind p
        where p.kind <> all (v_blocked)
            and (p.kind <> all (v_half) or harmony.is_on_trial(p.kind))
        order by p.kind
        for update skip locked
    loop
        with free as materialized (
            select q.id, l.queue
            from hangfire.jobqueue q
            join harmony.job l on l.job_id = q.jobid
            where q.queue = 'parked'
                and q.fetchedat is null
                and l.kind = v_kind
            order by q.id
            limit case when v_kind = any (v_half) then 1 else p_limit end
            for update of q skip locked
        ),
        back as (
            update hangfire.jobqueue q
            set queue = f.queue
            from free f
            where q.id = f.id
            returning q.id, q.queue
        ),
        earlier as (
            update harmony.queue_head h
            set first_id = b.id
            from (select r.queue, min(r.id) as id from back r group by r.queue) b
            where h.queue = b.queue
                and h.first_id > b.id
        )
        select count(*) into v_got from back;
        v_back := v_back + v_got;
        if v_got = 0 then
            delete from harmony.parked_kind p
            where p.kind = v_kind
                and not exists (
                    select
                    from hangfire.jobqueue q
                    join harmony.job l on l.job_id = q.jobid
                    where q.queue = 'parked'
                        and l.kind = v_kind);
        end if;
    end loop;

    if v_back > 0 then
        perform pg_notify('new_job', '');
    end if;
    return v_back;
end
$$;
