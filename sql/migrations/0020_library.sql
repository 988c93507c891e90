-- The music library: who is watched, what they released, what was asked for, and how far each download has come.

-- Rows of an audit stay as they were written; only retention, which says so, may take old ones away.
create function public.refuse_change() returns trigger
language plpgsql as
$$
begin
    if tg_op = 'DELETE' and current_setting('harmony.retention', true) = 'on' then
        return old;
    end if;
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;

create table public.artists (
    id bigint generated always as identity primary key,
    artist_key text not null unique check (artist_key = source || ':' || source_id),
    source text not null,
    source_id text not null,
    name text not null,
    genres text[] not null default '{}',
    images jsonb not null default '[]',
    popularity integer,
    metadata jsonb not null default '{}',
    etag text not null,
    version bigint not null default 1,
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now(),
    unique (source, source_id)
);
comment on table public.artists is 'Artists as their source describes them; version and etag move together, only when something changed.';

create table public.artist_releases (
    id bigint generated always as identity primary key,
    artist_id bigint not null references public.artists (id) on delete cascade,
    artist_key text not null,
    source text not null,
    source_id text not null,
    title text not null,
    album_artist text not null,
    release_date text,
    released_on date,
    release_type text not null,
    total_tracks integer not null default 0,
    cover_url text,
    genres text[] not null default '{}',
    copyright text,
    label text,
    upc text,
    etag text not null,
    version bigint not null default 1,
    metadata jsonb not null default '{}',
    tracks_read_at timestamptz,
    inactive_at timestamptz,
    inactive_reason text,
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now(),
    -- A release of two artists is a row of each: both lists must be whole.
    unique (artist_id, source, source_id),
    check ((inactive_at is null) = (inactive_reason is null))
);
comment on table public.artist_releases is 'Releases per artist; tracks_read_at is empty while the track list is still to be read; inactive_at marks what the source no longer lists.';
create index artist_releases_listed on public.artist_releases (artist_id, released_on desc nulls last, updated_at desc, id);
create index artist_releases_source on public.artist_releases (source_id);

create table public.release_tracks (
    id bigint generated always as identity primary key,
    release_id bigint not null references public.artist_releases (id) on delete cascade,
    source text not null,
    source_id text not null,
    title text not null,
    disc_number integer not null default 1,
    track_number integer not null,
    duration_ms integer not null default 0,
    isrc text,
    explicit boolean not null default false,
    artists jsonb not null default '[]',
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now(),
    unique (release_id, source_id)
);
comment on table public.release_tracks is 'Tracks of a release, in the words of the source; artists is a list of {id, name}.';
create index release_tracks_source on public.release_tracks (source_id);

create table public.artist_aliases (
    id bigint generated always as identity primary key,
    artist_id bigint not null references public.artists (id) on delete cascade,
    alias text not null,
    created_at timestamptz not null default harmony.now()
);
comment on table public.artist_aliases is 'Other names an artist is or was known by.';
create unique index artist_aliases_once on public.artist_aliases (artist_id, lower(alias));

create table public.artist_audit (
    id bigint generated always as identity primary key,
    created_at timestamptz not null default harmony.now(),
    job_id bigint,
    artist_key text not null,
    entity_type text not null check (entity_type in ('artist', 'release', 'alias')),
    entity_id text not null,
    event text not null check (event in ('created', 'updated', 'inactivated')),
    before jsonb,
    after jsonb
);
comment on table public.artist_audit is 'Append-only: what a sync changed about an artist, before and after, and which job did it.';
create index artist_audit_newest on public.artist_audit (artist_key, id desc);
create trigger artist_audit_append_only before update or delete on public.artist_audit
    for each row execute function public.refuse_change();

create table public.artist_watchlist (
    artist_key text primary key check (artist_key ~ '^[a-z]+:.+$'),
    priority integer not null default 0,
    last_enqueued_at timestamptz,
    last_synced_at timestamptz,
    cooldown_until timestamptz,
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now()
);
comment on table public.artist_watchlist is 'Artists whose metadata is kept fresh; nothing is downloaded because of this list.';

create table public.watchlist_artists (
    id bigint generated always as identity primary key,
    artist_key text not null unique check (artist_key = 'spotify:' || spotify_artist_id),
    spotify_artist_id text not null unique,
    source_artist_id bigint unique references public.artists (id) on delete set null,
    name text,
    priority integer not null default 0,
    backlog text not null default 'none' check (backlog in ('none', 'all', 'since')),
    since date,
    last_enqueued_at timestamptz,
    last_checked timestamptz,
    last_scan_at timestamptz,
    last_hash text,
    cooldown_s integer not null default 0 check (cooldown_s >= 0),
    retry_block_until timestamptz,
    retry_budget_left integer,
    stop_reason text,
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now(),
    check ((backlog = 'since') = (since is not null))
);
comment on table public.watchlist_artists is 'Artists whose missing tracks are downloaded. Paused = stop_reason is set and retry_block_until is empty or ahead; backlog says how far back.';

create table public.ingest_jobs (
    id text primary key check (id like 'job\_%'),
    source text not null,
    state text not null default 'registered' check (state in ('registered', 'normalized', 'queued', 'completed', 'failed')),
    accepted_playlists integer not null default 0,
    accepted_tracks integer not null default 0,
    accepted_batches integer not null default 0,
    skipped_playlists integer not null default 0,
    skipped_tracks integer not null default 0,
    skip_reason text,
    error text,
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now()
);
comment on table public.ingest_jobs is 'One row per list somebody posted; its items carry the work.';
create index ingest_jobs_open on public.ingest_jobs (created_at) where state in ('registered', 'normalized', 'queued');

create table public.downloads (
    id bigint generated always as identity primary key,
    state text not null default 'queued'
        check (state in ('queued', 'downloading', 'completed', 'failed', 'dead_letter', 'cancelled')),
    stage text not null default 'wanted'
        check (stage in (
            'wanted', 'searching', 'chosen', 'requested', 'transferring',
            'landed', 'verified', 'tagged', 'shelved', 'done')),
    priority integer not null default 0,
    requested_by text,
    source text not null default 'watchlist',
    request_payload jsonb not null default '{}',
    spotify_track_id text,
    spotify_album_id text,
    release_id bigint references public.artist_releases (id) on delete set null,
    track_id bigint references public.release_tracks (id) on delete set null,
    artist text not null,
    title text not null,
    album text,
    duration_ms integer,
    -- What was chosen, from whom, and how the transfer stands.
    try integer not null default 0 check (try >= 0),
    candidate jsonb,
    candidate_requests integer not null default 0,
    username text,
    filename text,
    denied_peers jsonb not null default '[]',
    deny_until timestamptz,
    search_after timestamptz,
    slskd_batch_id uuid,
    slskd_transfer_id text,
    destination text,
    transfer_state text,
    requested_at timestamptz,
    queued_at timestamptz,
    progress_at timestamptz,
    ended_at timestamptz,
    bytes bigint not null default 0 check (bytes >= 0),
    bytes_total bigint check (bytes_total >= 0),
    progress double precision not null default 0 check (progress between 0 and 100),
    -- Where the file is, and what was found out about it.
    landed_path text,
    organized_path text,
    genre text,
    composer text,
    producer text,
    isrc text,
    copyright text,
    metadata_status text check (metadata_status in ('pending', 'done', 'failed')),
    artwork_url text,
    artwork_path text,
    artwork_status text check (artwork_status in ('pending', 'done', 'none', 'failed')),
    has_artwork boolean not null default false,
    lyrics_path text,
    lyrics_status text check (lyrics_status in ('pending', 'done', 'none', 'instrumental', 'failed')),
    has_lyrics boolean not null default false,
    -- How often it failed, and why it waits or ended.
    retry_count integer not null default 0 check (retry_count >= 0),
    next_retry_at timestamptz,
    last_error text,
    reason text,
    completed_at timestamptz,
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now(),
    constraint downloads_lifecycle check (
        case state
            when 'queued' then stage in ('wanted', 'searching', 'chosen')
            when 'downloading' then stage in ('requested', 'transferring', 'landed', 'verified', 'tagged')
            when 'completed' then stage in ('shelved', 'done')
            else stage not in ('shelved', 'done')
        end),
    constraint downloads_chosen check (stage <> 'chosen' or (candidate is not null and username is not null and filename is not null)),
    constraint downloads_requested check (
        stage not in ('requested', 'transferring') or (slskd_batch_id is not null and destination is not null and requested_at is not null)),
    constraint downloads_landed check (stage not in ('landed', 'verified', 'tagged') or landed_path is not null),
    constraint downloads_shelved check (state <> 'completed' or (organized_path is not null and completed_at is not null))
);
comment on table public.downloads is 'One row per wanted track. stage says how far it is, state is the same for outsiders; a job named after the row moves it on.';
-- Nothing is downloaded twice: one row per track that is on its way or here.
create unique index downloads_track_once on public.downloads (spotify_track_id) where state in ('queued', 'downloading', 'completed');
create index downloads_track on public.downloads (spotify_track_id);
create index downloads_listed on public.downloads (priority desc, created_at desc, id desc);
create index downloads_by_state on public.downloads (state, priority desc, created_at desc, id desc);
create index downloads_transfers on public.downloads (id) where stage in ('requested', 'transferring');
create index downloads_unfinished on public.downloads (updated_at) where state in ('queued', 'downloading');
create index downloads_release on public.downloads (release_id);

create table public.release_searches (
    id bigint generated always as identity primary key,
    scope text not null check (scope in ('release', 'track')),
    query text not null unique,
    release_id bigint references public.artist_releases (id) on delete set null,
    track_id bigint references public.release_tracks (id) on delete set null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done')),
    generation integer not null default 1,
    slskd_search_id uuid,
    results jsonb,
    responses integer not null default 0,
    searched_at timestamptz,
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now(),
    check (state <> 'running' or slskd_search_id is not null),
    check (state <> 'done' or (results is not null and searched_at is not null))
);
comment on table public.release_searches is 'Soulseek searches by their text, with the answers: every track of a release, and every retry within the hour, shares one.';

create table public.ingest_items (
    id bigint generated always as identity primary key,
    job_id text not null references public.ingest_jobs (id) on delete cascade,
    position integer not null,
    source_type text not null check (source_type in ('LINK', 'FILE', 'PRO_PLAYLIST_EXPANSION')),
    playlist_url text,
    raw_line text,
    artist text,
    title text,
    album text,
    duration_sec integer,
    spotify_track_id text,
    spotify_album_id text,
    isrc text,
    dedupe_hash text not null,
    source_fingerprint text,
    state text not null default 'registered' check (state in ('registered', 'normalized', 'queued', 'completed', 'failed')),
    error text,
    download_id bigint references public.downloads (id) on delete set null,
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now(),
    unique (job_id, dedupe_hash),
    check ((state = 'failed') = (error is not null))
);
comment on table public.ingest_items is 'One row per posted track or link; it gains Spotify ids, then a download.';
create index ingest_items_unmatched on public.ingest_items (created_at, id)
    where spotify_track_id is null and source_type <> 'LINK' and state in ('registered', 'normalized');
create index ingest_items_download on public.ingest_items (download_id) where download_id is not null;

create table public.backfill_jobs (
    id text primary key check (id like 'backfill\_%'),
    state text not null default 'queued' check (state in ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled')),
    max_items integer not null check (max_items between 1 and 10000),
    requested integer not null default 0,
    processed integer not null default 0,
    matched integer not null default 0,
    cache_hits integer not null default 0,
    cache_misses integer not null default 0,
    expanded_playlists integer not null default 0,
    expanded_tracks integer not null default 0,
    expand_playlists boolean not null default true,
    include_cached_results boolean not null default true,
    duration_ms bigint,
    error text,
    started_at timestamptz,
    finished_at timestamptz,
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now(),
    check (processed <= requested),
    check ((finished_at is not null) = (state in ('completed', 'failed', 'cancelled')))
);
comment on table public.backfill_jobs is 'Runs that give posted tracks their Spotify ids; counts move with each item, in the item''s transaction.';
create index backfill_jobs_newest on public.backfill_jobs (created_at desc, id desc);

create table public.spotify_cache (
    key text primary key,
    track_id text not null,
    album_id text,
    expires_at timestamptz not null,
    created_at timestamptz not null default harmony.now()
);
comment on table public.spotify_cache is 'What a posted artist, title and album turned out to be on Spotify.';

create table public.settings (
    key text primary key,
    value text,
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now()
);
comment on table public.settings is 'Settings changed at run time; they win over the environment.';

create table public.settings_history (
    id bigint generated always as identity primary key,
    key text not null,
    old_value text,
    new_value text,
    changed_by text,
    changed_at timestamptz not null default harmony.now()
);
comment on table public.settings_history is 'Append-only: every change of a setting; secrets are written masked.';
create trigger settings_history_append_only before update or delete on public.settings_history
    for each row execute function public.refuse_change();
