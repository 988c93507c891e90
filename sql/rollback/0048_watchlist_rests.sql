-- What was deleted is told as inactivated.
alter table public.artist_audit disable trigger user;
update public.artist_audit set event = 'inactivated' where event = 'deleted';
alter table public.artist_audit enable trigger user;
alter table public.artist_audit drop constraint artist_audit_event_check;
alter table public.artist_audit add constraint artist_audit_event_check check (event in ('created', 'updated', 'inactivated'));
comment on column public.watchlist_artists.retry_budget_left is null;
comment on column public.watchlist_artists.retry_block_until is null;
