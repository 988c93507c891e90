-- The engine's own tables: what Hangfire does not keep (kinds, ledger, history, gates, schedules), beside its storage.

create schema harmony;

-- One row for the whole fleet. The clock shift can only be set in a test database (harmony.shift_clock).
create table harmony.fleet (
    only_one boolean primary key default true check (only_one),
    lease_seconds integer not null default 60 check (lease_seconds >= 5),
    clock_shift interval not null default '0'
);
insert into harmony.fleet default values;

-- The clock of everything the engine decides: leases, due times, slots.
create function harmony.now() returns timestamptz
language sql volatile
as $$
    select clock_timestamp() + f.clock_shift
    from harmony.fleet f
$$;

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
create index job_kind on harmony.job (kind, job_id desc);
create index job_dead on harmony.job (dead_lettered_at desc, job_id desc) where state = 'Failed';
create index job_wake on harmony.job (wake_key) where wake_key is not null;
create index job_parent on harmony.job (parent_job_id) where parent_job_id is not null;
create index job_unique_key on harmony.job (unique_key) where unique_key is not null;
create index job_finished on harmony.job (finished_at) where finished_at is not null;

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

-- What is paused, by whom, why and until when.
create table harmony.pause (
    scope text not null check (scope in ('lane', 'kind', 'provider')),
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
    changed_at timestamptz not null default harmony.now()
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
    job_id bigint
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
    synced_at timestamptz not null default harmony.now()
);
create table harmony.schedule_slot (
    schedule text not null,
    slot timestamptz not null,
    fired_at timestamptz not null default harmony.now(),
    job_id bigint,
    primary key (schedule, slot)
);

-- The last time a key was woken: a job that parks after the wake it waits for is due at once.
create table harmony.wake_signal (
    key text primary key,
    woken_at timestamptz not null
);

-- Hangfire's own tables gain two indexes (names begin with harmony_) and one trigger (next migration).
create index harmony_jobqueue_waiting on hangfire.jobqueue (queue, id) where fetchedat is null;
create index harmony_jobqueue_fetched on hangfire.jobqueue (fetchedat) where fetchedat is not null;
