-- A look at the watchlists sorts them.
drop function public.claim_due_artists(interval, integer);
drop index public.watchlist_artists_turns, public.artist_watchlist_turns;
