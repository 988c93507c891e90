-- Takes everything back that Harmony's migrations and function files created. Tables of somebody else in the schema of Hangfire stop it:
-- nothing in there cascades. What depends on the schema harmony goes with it.
drop table public.settings_history;
drop table public.settings;
drop table public.spotify_cache;
drop table public.backfill_jobs;
drop table public.ingest_items;
drop table public.release_searches;
drop table public.downloads;
drop table public.ingest_jobs;
drop table public.watchlist_artists;
drop table public.artist_watchlist;
drop table public.artist_audit;
drop table public.artist_aliases;
drop table public.release_tracks;
drop table public.artist_releases;
drop table public.artists;
drop schema harmony cascade;
drop table hangfire.lock;
drop table hangfire.server;
drop table hangfire.set;
drop table hangfire.list;
drop table hangfire.hash;
drop table hangfire.aggregatedcounter;
drop table hangfire.counter;
drop table hangfire.jobqueue;
drop table hangfire.jobparameter;
drop table hangfire.state;
drop table hangfire.job;
drop table hangfire.schema;
drop schema hangfire;
-- A database that was adopted here still names the migrations that made it.
delete from public.harmony_migration where version < 100;
