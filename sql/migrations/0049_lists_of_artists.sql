-- The lists of artists are read in their order, a page at a time, however long they are.
create index watchlist_artists_shown on public.watchlist_artists (priority desc, created_at, id);
create index artist_watchlist_shown on public.artist_watchlist (priority desc, cooldown_until nulls first, artist_key);
create index artists_name on public.artists (lower(name), id);
create index watchlist_artists_resting on public.watchlist_artists (retry_block_until) where retry_block_until is not null and stop_reason is null;

-- What points to a track or a release is found when that goes.
create index downloads_of_track on public.downloads (track_id) where track_id is not null;
create index release_searches_of_track on public.release_searches (track_id) where track_id is not null;
