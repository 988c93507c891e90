-- Whether the trigger that keeps the ledger (ledger/follow_state.sql) is there and switched on. Takes no lock.

create or replace function harmony.ledger_is_kept() returns boolean
language sql stable
as $$
    select exists (
        select
        from pg_trigger g
        where g.tgrelid = 'hangfire.state'::regclass
            and g.tgname = 'harmony_follow_state'
            and g.tgenabled in ('O', 'A'))
$$;
