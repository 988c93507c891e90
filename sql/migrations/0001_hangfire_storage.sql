-- Why: Harmony keeps its jobs in the tables Hangfire itself would create (storage version 23), so that genuine servers, clients and the dashboard can attach.
-- Every name counts: later versions of the library alter sequences, constraints and indexes by name.

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
