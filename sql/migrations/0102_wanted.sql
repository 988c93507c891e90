-- A track that no peer offers stays wanted: how often it was searched, when it is searched next, who asked for that, and what came closest.
alter table public.downloads
    add column searches integer not null default 0 check (searches >= 0),
    add column next_search_at timestamptz,
    add column search_requested_by text,
    add column closest jsonb;
comment on column public.downloads.searches is 'Rounds of searches that found no file to take.';
comment on column public.downloads.closest is 'The rejected file that came closest in the last round: username, filename, sentence, considered.';
create index downloads_wanted on public.downloads (next_search_at, id) where state = 'queued' and stage in ('wanted', 'searching') and searches > 0;
