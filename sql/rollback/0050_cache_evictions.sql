-- Nobody is told any more when an artist changes; kept answers only age.
drop trigger artist_releases_truncated_evict on public.artist_releases;
drop trigger artist_releases_deleted_evict on public.artist_releases;
drop trigger artist_releases_updated_evict on public.artist_releases;
drop trigger artist_releases_inserted_evict on public.artist_releases;
drop trigger artists_truncated_evict on public.artists;
drop trigger artists_deleted_evict on public.artists;
drop trigger artists_updated_evict on public.artists;
drop trigger artists_inserted_evict on public.artists;
drop function public.tell_evictions();
