-- Takes the artists whose turn it is on either watchlist and marks them as taken: the more urgent first, then those that have waited longest. An
-- artist on both lists is taken once, with the higher priority of the lists where it is due.
-- Locks, per artist: the row of public.artist_watchlist, then the row of public.watchlist_artists, by skip locked: an artist that another
-- transaction holds is left to it.
-- Planner settings: each priority is read in the order of the indexes artist_watchlist_turns and watchlist_artists_turns, so sequential and
-- bitmap scans are off; a generic plan is kept.

create or replace function public.claim_due_artists(p_minimum_age interval, p_most integer)
returns table (artist_key text, priority integer, synced boolean)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_now constant timestamptz := harmony.now();
    -- An artist that this call has taken is not due to it again, even when no age is asked for.
    v_oldest constant timestamptz := v_now - greatest(p_minimum_age, interval '1 microsecond');
    v_level bigint := 2147483648;
    v_left integer := p_most;
    v_asked integer;
    v_seen integer;
    v_turn timestamptz;
    v_key text;
    v_synced_due integer;
    v_watched boolean;
    v_watched_due integer;
begin
    while v_left > 0 loop
        v_level := greatest(
            (
                select s.priority
                from public.artist_watchlist s
                where s.priority < v_level
                order by s.priority desc
                limit 1
            ),
            (
                select w.priority
                from public.watchlist_artists w
                where w.priority < v_level
                    and (w.stop_reason is null or w.retry_block_until is not null)
                order by w.priority desc
                limit 1
            ));
        exit when v_level is null;

        v_turn := '-infinity';
        v_key := '';
        loop
            v_asked := v_left;
            v_seen := 0;
            for v_turn, v_key in
                select
                    d.turn,
                    d.artist_key
                from (
                    (
                        select
                            coalesce(greatest(s.last_enqueued_at, s.last_synced_at), '-infinity') as turn,
                            s.artist_key
                        from public.artist_watchlist s
                        where s.priority = v_level
                            and (coalesce(greatest(s.last_enqueued_at, s.last_synced_at), '-infinity'), s.artist_key) > (v_turn, v_key)
                            and coalesce(greatest(s.last_enqueued_at, s.last_synced_at), '-infinity') <= v_oldest
                            and (s.cooldown_until is null or s.cooldown_until <= v_now)
                        order by 1, 2
                        limit v_asked
                    )
                    union all
                    (
                        select
                            coalesce(greatest(w.last_enqueued_at, w.last_checked), '-infinity'),
                            w.artist_key
                        from public.watchlist_artists w
                        where w.priority = v_level
                            and (coalesce(greatest(w.last_enqueued_at, w.last_checked), '-infinity'), w.artist_key) > (v_turn, v_key)
                            and coalesce(greatest(w.last_enqueued_at, w.last_checked), '-infinity') <= v_oldest
                            and (w.stop_reason is null or w.retry_block_until is not null)
                            and (w.retry_block_until is null or w.retry_block_until <= v_now)
                        order by 1, 2
                        limit v_asked
                    )
                ) d
                order by d.turn, d.artist_key
                limit v_asked
            loop
                v_seen := v_seen + 1;

                -- Both rows, always in this order, and as they are by now: another call may have taken the artist.
                select
                    case
                        when (s.cooldown_until is null or s.cooldown_until <= v_now)
                            and coalesce(greatest(s.last_enqueued_at, s.last_synced_at) <= v_oldest, true)
                        then s.priority
                    end
                into v_synced_due
                from public.artist_watchlist s
                where s.artist_key = v_key
                for update skip locked;
                synced := found;
                continue when not synced and exists (select from public.artist_watchlist s where s.artist_key = v_key);

                select
                    case
                        when (w.retry_block_until <= v_now or (w.retry_block_until is null and w.stop_reason is null))
                            and coalesce(greatest(w.last_enqueued_at, w.last_checked) <= v_oldest, true)
                        then w.priority
                    end
                into v_watched_due
                from public.watchlist_artists w
                where w.artist_key = v_key
                for update skip locked;
                v_watched := found;
                continue when not v_watched and exists (select from public.watchlist_artists w where w.artist_key = v_key);

                priority := greatest(v_synced_due, v_watched_due);
                continue when priority is null;

                if synced then
                    update public.artist_watchlist s
                    set
                        last_enqueued_at = v_now,
                        updated_at = v_now
                    where s.artist_key = v_key;
                end if;
                if v_watched then
                    update public.watchlist_artists w
                    set
                        last_enqueued_at = v_now,
                        stop_reason = case when w.retry_block_until <= v_now then null else w.stop_reason end,
                        retry_block_until = case when w.retry_block_until <= v_now then null else w.retry_block_until end,
                        updated_at = v_now
                    where w.artist_key = v_key;
                end if;

                artist_key := v_key;
                return next;
                v_left := v_left - 1;
                if v_left = 0 then
                    return;
                end if;
            end loop;
            exit when v_seen < v_asked;
        end loop;
    end loop;
end
$$;

comment on function public.claim_due_artists(interval, integer) is 'Whose turn it is on the watchlists, marked as taken; synced = it stands on artist_watchlist.';
