-- Takes the music library away again, with everything in it.
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
drop function public.refuse_change();
