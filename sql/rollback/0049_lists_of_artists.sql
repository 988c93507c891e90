-- The lists are sorted as a whole again.
drop index public.watchlist_artists_shown;
drop index public.artist_watchlist_shown;
drop index public.artists_name;
drop index public.watchlist_artists_resting;
