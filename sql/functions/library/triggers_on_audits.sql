-- Audits are append-only (refuse_change.sql).
-- Locks: SHARE ROW EXCLUSIVE on public.artist_audit and public.settings_history, only when this file has changed.
-- A start waits for writers, and they for it, half a second at a time.

create or replace trigger artist_audit_append_only before update or delete on public.artist_audit
    for each row execute function public.refuse_change();

create or replace trigger settings_history_append_only before update or delete on public.settings_history
    for each row execute function public.refuse_change();
