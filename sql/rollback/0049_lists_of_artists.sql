-- The lists are sorted as a whole again.
drop index public.watchlist_artists_shown;
drop index public.artist_watchlist_shown;
drop index public.artists_name;
drop index public.watchlist_artists_resting;
drop index public.downloads_of_track;
drop index public.release_searches_of_track;
