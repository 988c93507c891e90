-- A release may be deleted for good, and an artist that fails again and again rests for a while.
alter table public.artist_audit drop constraint artist_audit_event_check;
alter table public.artist_audit add constraint artist_audit_event_check check (event in ('created', 'updated', 'inactivated', 'deleted'));
comment on column public.watchlist_artists.retry_budget_left is 'Failed looks that are left until the artist rests; empty = all of them.';
comment on column public.watchlist_artists.retry_block_until is 'With stop_reason: when the pause ends. Without: until when the artist rests after too many failed looks.';
