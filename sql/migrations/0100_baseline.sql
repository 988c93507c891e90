-- All tables, types, indexes and first rows in one step: Hangfire's storage, the engine beside it, and the music library.
-- Functions, and the triggers that call them, are in sql/functions/. A database that the 39 migrations before this one made (0001 to
-- 0056) already holds exactly this: it is recorded there and not run.

-- Part 1. The tables that Hangfire itself would create (storage version 23), so that other Hangfire servers, clients and the dashboard can
-- attach. Every name counts: later versions of the library alter sequences, constraints and indexes by name.

create schema hangfire;

create table hangfire.schema (
    version integer not null constraint schema_pkey primary key
);

-- The one thing the library checks: a row with this number makes it leave the schema alone.
insert into hangfire.schema (version)
values (23);

-- One row per background job; statename repeats the name of the state that stateid points at.
create table hangfire.job (
    id bigserial not null constraint job_pkey primary key,
    stateid bigint,
    statename text,
    invocationdata jsonb not null,
    arguments jsonb not null,
    createdat timestamptz not null,
    expireat timestamptz,
    updatecount integer not null default 0
);
create index ix_hangfire_job_expireat
    on hangfire.job (expireat);
create index ix_hangfire_job_statename
    on hangfire.job (statename);
create index ix_hangfire_job_statename_is_not_null
    on hangfire.job (statename)
    include (id)
    where statename is not null;

-- One row per transition, never updated; data holds strings only.
create table hangfire.state (
    id bigserial not null constraint state_pkey primary key,
    jobid bigint not null
        constraint state_jobid_fkey references hangfire.job (id) on update cascade on delete cascade,
    name text not null,
    reason text,
    createdat timestamptz not null,
    data jsonb,
    updatecount integer not null default 0
);
create index ix_hangfire_state_jobid
    on hangfire.state (jobid);

-- Values are JSON text. One row per (job, name) is the writer's duty: nothing here enforces it.
create table hangfire.jobparameter (
    id bigserial not null constraint jobparameter_pkey primary key,
    jobid bigint not null
        constraint jobparameter_jobid_fkey references hangfire.job (id) on update cascade on delete cascade,
    name text not null,
    value text,
    updatecount integer not null default 0
);
create index ix_hangfire_jobparameter_jobidandname
    on hangfire.jobparameter (jobid, name);

-- One row is one claim ticket: fetchedat is null while it waits. Neither unique nor tied to job on purpose.
create table hangfire.jobqueue (
    id bigserial not null constraint jobqueue_pkey primary key,
    jobid bigint not null,
    queue text not null,
    fetchedat timestamptz,
    updatecount integer not null default 0
);
create index ix_hangfire_jobqueue_fetchedat_queue_jobid
    on hangfire.jobqueue (fetchedat nulls first, queue, jobid);
create index ix_hangfire_jobqueue_jobidandqueue
    on hangfire.jobqueue (jobid, queue);
create index ix_hangfire_jobqueue_queueandfetchedat
    on hangfire.jobqueue (queue, fetchedat);

-- The two indexes that Harmony adds to Hangfire's tables; their names begin with harmony_.
create index harmony_jobqueue_waiting on hangfire.jobqueue (queue, id) where fetchedat is null;
create index harmony_jobqueue_fetched on hangfire.jobqueue (fetchedat) where fetchedat is not null;

-- Increments, folded into aggregatedcounter by whichever server comes by.
create table hangfire.counter (
    id bigserial not null constraint counter_pkey primary key,
    key text not null,
    value bigint not null,
    expireat timestamptz
);
create index ix_hangfire_counter_expireat
    on hangfire.counter (expireat);
create index ix_hangfire_counter_key
    on hangfire.counter (key);

create table hangfire.aggregatedcounter (
    id bigserial not null constraint aggregatedcounter_pkey primary key,
    key text not null constraint aggregatedcounter_key_key unique,
    value bigint not null,
    expireat timestamptz
);

-- Recurring jobs, one row per field.
create table hangfire.hash (
    id bigserial not null constraint hash_pkey primary key,
    key text not null,
    field text not null,
    value text,
    expireat timestamptz,
    updatecount integer not null default 0,
    constraint hash_key_field_key unique (key, field)
);
create index ix_hangfire_hash_expireat
    on hangfire.hash (expireat);

create table hangfire.list (
    id bigserial not null constraint list_pkey primary key,
    key text not null,
    value text,
    expireat timestamptz,
    updatecount integer not null default 0
);
create index ix_hangfire_list_expireat
    on hangfire.list (expireat);

-- Sorted sets: schedule, retries, awaiting, recurring-jobs.
create table hangfire.set (
    id bigserial not null constraint set_pkey primary key,
    key text not null,
    score double precision not null,
    value text not null,
    expireat timestamptz,
    updatecount integer not null default 0,
    constraint set_key_value_key unique (key, value)
);
create index ix_hangfire_set_expireat
    on hangfire.set (expireat);
create index ix_hangfire_set_key_score
    on hangfire.set (key, score);

create table hangfire.server (
    id text not null constraint server_pkey primary key,
    data jsonb,
    lastheartbeat timestamptz not null,
    updatecount integer not null default 0
);

-- A row is the lock; the unique key decides who gets it and stands in for a primary key in logical replication.
create table hangfire.lock (
    resource text not null constraint lock_resource_key unique,
    updatecount integer not null default 0,
    acquired timestamptz
);
alter table hangfire.lock
    replica identity using index lock_resource_key;

-- Part 2. The engine's own tables: what Hangfire does not keep (kinds, ledger, history, gates, schedules), beside its storage.

create schema harmony;

-- One row for the whole fleet. The clock shift can only be set in a test database (harmony.shift_clock).
create table harmony.fleet (
    only_one boolean primary key default true check (only_one),
    lease_seconds integer not null default 60 check (lease_seconds >= 5),
    clock_shift interval not null default '0'
);
insert into harmony.fleet default values;

-- A declaration only: the tables below have this clock as a default, and its text is in sql/functions/core/clock.sql, applied right
-- after the migrations. As declared here it returns null, which every column that uses it refuses.
create function harmony.now() returns timestamptz language sql as 'select null::timestamptz';

-- The kinds of job this fleet knows, copied from the catalogue in the code by migrate and serve.
create table harmony.kind (
    kind text primary key check (kind ~ '^[a-z][a-z0-9_]*$'),
    lane text not null check (lane ~ '^[a-z][a-z0-9_]*$'),
    providers text[] not null default '{}',
    key_template text,
    unique_until text check (unique_until in ('started', 'finished')),
    max_retries integer not null default 10 check (max_retries >= 0),
    timeout interval not null default '10 minutes',
    default_priority integer not null default 50,
    operator_startable boolean not null default false,
    synced_at timestamptz not null default harmony.now()
);

-- The ledger: one row per Hangfire job, kept longer than Hangfire keeps it, in sync by trigger.
create table harmony.job (
    job_id bigint primary key,
    kind text not null,
    lane text,
    queue text,
    args jsonb not null default '{}',
    unique_key text,
    claim text,
    priority integer not null default 50,
    state text,
    state_id bigint,
    reason text,
    reason_code text,
    attempts integer not null default 0,
    starts_in_a_row integer not null default 0,
    max_retries integer not null default 10,
    revived boolean not null default false,
    forced boolean not null default false,
    steps text[] not null default '{}',
    wake_key text,
    wake_seen timestamptz,
    due_at timestamptz,
    first_error text,
    last_error text,
    progress_done bigint,
    progress_total bigint,
    progress_line text,
    progress_at timestamptz,
    result jsonb,
    requested_by text,
    schedule text,
    parent_job_id bigint,
    trace_id text,
    worker text,
    created_at timestamptz not null default harmony.now(),
    started_at timestamptz,
    finished_at timestamptz,
    dead_lettered_at timestamptz,
    duration_ms bigint
) with (fillfactor = 80);

-- Uniqueness is this index over live jobs, never a lock held by code.
create unique index job_claim on harmony.job (kind, claim) where claim is not null;
create index job_state on harmony.job (state, job_id desc);
-- The jobs of a kind in one state, newest first, without the jobs in other states.
create index job_kind on harmony.job (kind, state, job_id desc);
create index job_dead on harmony.job (dead_lettered_at desc, job_id desc) where state = 'Failed';
create index job_wake on harmony.job (wake_key) where wake_key is not null;
create index job_parent on harmony.job (parent_job_id) where parent_job_id is not null;
create index job_unique_key on harmony.job (unique_key) where unique_key is not null;
create index job_finished on harmony.job (finished_at) where finished_at is not null;
create index job_dead_why on harmony.job (kind, reason_code, job_id desc) include (dead_lettered_at) where state = 'Failed';

-- Append-only history: every state row of every job, whoever wrote it.
create table harmony.job_event (
    event_id bigint generated always as identity,
    job_id bigint not null,
    at timestamptz not null,
    from_state text,
    to_state text not null,
    reason text,
    actor text,
    worker text,
    duration_ms bigint,
    error text,
    state_id bigint,
    data jsonb,
    primary key (event_id, at)
) partition by range (at);
create index job_event_job on harmony.job_event (job_id, event_id);
create index job_event_failed on harmony.job_event (at) where to_state = 'Failed';
create table harmony.job_event_default partition of harmony.job_event default;

-- Who paused, purged, requeued or changed what, append-only.
create table harmony.operator_action (
    action_id bigint generated always as identity primary key,
    at timestamptz not null default harmony.now(),
    actor text not null,
    action text not null,
    target text,
    detail jsonb not null default '{}',
    affected integer,
    dry_run boolean not null default false
);
create index operator_action_at on harmony.operator_action (at desc);
create index operator_action_actor on harmony.operator_action (actor, action_id desc);
create index operator_action_what on harmony.operator_action (action, action_id desc);
create index operator_action_target on harmony.operator_action (target, action_id desc);

-- What is paused, by whom, why and until when.
create table harmony.pause (
    scope text not null check (scope in ('lane', 'kind', 'provider', 'schedule')),
    name text not null,
    reason text,
    paused_by text not null,
    paused_at timestamptz not null default harmony.now(),
    until timestamptz,
    primary key (scope, name)
);

-- One row per provider: closed lets calls through, open holds them until blocked_until.
create table harmony.provider_gate (
    provider text primary key,
    state text not null default 'closed' check (state in ('closed', 'open', 'half_open')),
    failures integer not null default 0,
    successes integer not null default 0,
    blocked_until timestamptz,
    reason text,
    changed_at timestamptz not null default harmony.now(),
    probe_job bigint,
    probe_at timestamptz,
    guesses integer not null default 0
);
comment on column harmony.provider_gate.guesses is 'How often in a row it was closed for a time nobody had named; a gate that stood open again begins anew.';

-- Kinds with tickets in the queue parked: that queue is searched only for kinds that may leave it.
create table harmony.parked_kind (
    kind text primary key,
    parked_at timestamptz not null default harmony.now()
);

-- At most so many starts of a lane in any window, over all processes.
create table harmony.rate_window (
    lane text primary key,
    permits integer not null check (permits > 0),
    window_length interval not null
);
create table harmony.rate_use (
    use_id bigint generated always as identity primary key,
    lane text not null,
    used_at timestamptz not null,
    job_id bigint,
    band text not null default 'b' check (band in ('a', 'b', 'c'))
);
create index rate_use_lane on harmony.rate_use (lane, used_at);

-- What fires by itself: interval or cron, and the last slots fired.
create table harmony.schedule (
    schedule text primary key,
    kind text not null,
    args jsonb not null default '{}',
    expression text not null,
    zone text not null default 'UTC',
    misfire text not null default 'once' check (misfire in ('skip', 'once', 'all')),
    enabled boolean not null default true,
    synced_at timestamptz not null default harmony.now(),
    since timestamptz not null default harmony.now(),
    words text,
    next_at timestamptz
);
create table harmony.schedule_slot (
    schedule text not null,
    slot timestamptz not null,
    fired_at timestamptz not null default harmony.now(),
    job_id bigint,
    outcome text not null default 'fired' check (outcome in ('fired', 'missed', 'paused', 'by_hand')),
    primary key (schedule, slot)
);
create index schedule_slot_at on harmony.schedule_slot (slot);

-- The last time a key was woken: a job that parks after the wake it waits for is due at once.
create table harmony.wake_signal (
    key text primary key,
    woken_at timestamptz not null
);

-- Where the first waiting ticket of each queue is, written once a second (harmony.find_heads): looks begin there. next_id is the number
-- that the next ticket was to get when the head was looked for.
create table harmony.queue_head (
    queue text primary key,
    first_id bigint not null,
    seen_at timestamptz not null,
    next_id bigint not null default 0
) with (fillfactor = 50);

-- A ticket that a fetch has locked, with what decides about it.
create type harmony.ticket as (
    ticket_id bigint,
    job_id bigint,
    queue text,
    kind text,
    lane text,
    state text,
    starts_in_a_row integer,
    superseded boolean
);

-- The outcome of one run, as harmony.finish_many reads it from JSON.
create type harmony.outcome as (
    t bigint,          -- ticket
    j bigint,          -- job
    f bigint,          -- fence
    o text,            -- succeeded, snoozed, parked, discarded, retry, dead, returned
    ms bigint,         -- how long the run took
    r text,            -- reason
    c text,            -- reason code
    d double precision,-- delay in seconds
    k text,            -- wake key
    res text,          -- result as JSON text
    et text,           -- exception type
    em text,           -- exception message
    ed text            -- exception details
);

-- Part 3. The music library: who is watched, what they released, what was asked for, and how far each download has come.

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
create index artists_name on public.artists (lower(name), id);

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
    event text not null check (event in ('created', 'updated', 'inactivated', 'deleted')),
    before jsonb,
    after jsonb
);
comment on table public.artist_audit is 'Append-only: what a sync changed about an artist, before and after, and which job did it.';
create index artist_audit_newest on public.artist_audit (artist_key, id desc);

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
create index artist_watchlist_shown on public.artist_watchlist (priority desc, cooldown_until nulls first, artist_key);
-- Whoever was never looked at has waited longest.
create index artist_watchlist_turns on public.artist_watchlist (
    priority desc, coalesce(greatest(last_enqueued_at, last_synced_at), '-infinity'), artist_key);

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
comment on column public.watchlist_artists.retry_budget_left is 'Failed looks that are left until the artist rests; empty = all of them.';
comment on column public.watchlist_artists.retry_block_until is 'With stop_reason: when the pause ends. Without: until when the artist rests after too many failed looks.';
create index watchlist_artists_shown on public.watchlist_artists (priority desc, created_at, id);
create index watchlist_artists_resting on public.watchlist_artists (retry_block_until) where retry_block_until is not null and stop_reason is null;
-- An artist that is paused without an end is never due.
create index watchlist_artists_turns on public.watchlist_artists (
    priority desc, coalesce(greatest(last_enqueued_at, last_checked), '-infinity'), artist_key)
    where stop_reason is null or retry_block_until is not null;

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
create index downloads_of_track on public.downloads (track_id) where track_id is not null;

create table public.release_searches (
    id bigint generated always as identity primary key,
    scope text not null check (scope in ('release', 'track')),
    query text not null unique,
    release_id bigint references public.artist_releases (id) on delete set null,
    track_id bigint references public.release_tracks (id) on delete set null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
    generation integer not null default 1,
    slskd_search_id uuid,
    results jsonb,
    responses integer not null default 0,
    searched_at timestamptz,
    created_at timestamptz not null default harmony.now(),
    updated_at timestamptz not null default harmony.now(),
    error text,
    check (state <> 'running' or slskd_search_id is not null),
    check (state <> 'done' or (results is not null and searched_at is not null)),
    constraint release_searches_error_check check ((state = 'failed') = (error is not null))
);
comment on table public.release_searches is 'Soulseek searches by their text, with the answers: every track of a release, and every retry within the hour, shares one.';
create index release_searches_of_track on public.release_searches (track_id) where track_id is not null;

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
