using System.Text.Json;
using Harmony.Data;
using Npgsql;

namespace Harmony.Bench.Watchlist;

/// <summary>
/// Two long watchlists, for tests and figures, and what a claim on them reads. Half of the entries stand on each list, every tenth
/// on both, with five priorities; some are paused, some rest. Only for a database of its own: what stood on the lists is gone.
/// </summary>
/// <param name="FirstDay">Nobody was looked at yet; else everybody within the last day, but <see cref="Late"/>.</param>
internal sealed record WatchlistSeed(int Entries, bool FirstDay)
{
    /// <summary>So many are due when it is not the first day, however long the lists are.</summary>
    public const int Late = 25;

    public async Task SowAsync(Database database, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            """
            truncate public.artist_watchlist, public.watchlist_artists;
            insert into public.artist_watchlist (artist_key, priority, last_enqueued_at, last_synced_at, cooldown_until)
            select
                'spotify:' || md5(n::text),
                n % 5,
                t.turn,
                t.turn,
                t.turn + interval '15 minutes'
            from generate_series(1, @Entries) n
            cross join lateral (
                select case
                    when not @FirstDay then harmony.now() - case when n <= @Late then interval '25 hours' else interval '23 hours' * n / @Entries end
                end as turn
            ) t
            where n % 2 = 1
                or n % 10 = 0;
            insert into public.watchlist_artists (artist_key, spotify_artist_id, priority, last_enqueued_at, last_checked, stop_reason, retry_block_until)
            select
                'spotify:' || md5(n::text),
                md5(n::text),
                n % 5,
                t.turn,
                t.turn,
                case when n % 100 in (62, 64) then 'paused' end,
                case when n % 100 in (64, 66) then harmony.now() + interval '1 hour' end
            from generate_series(1, @Entries) n
            cross join lateral (
                select case
                    when not @FirstDay then harmony.now() - case when n <= @Late then interval '25 hours' else interval '23 hours' * n / @Entries end
                end as turn
            ) t
            where n % 2 = 0
            """,
            new { Entries, FirstDay, Late },
            cancellationToken);
        await database.ExecuteAsync("vacuum analyze public.artist_watchlist, public.watchlist_artists", null, cancellationToken);
    }

    /// <summary>Pages that a claim reads and writes; nothing stays taken.</summary>
    public static async Task<long> BuffersAsync(NpgsqlConnection connection, TimeSpan minimumAge, int limit, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var claim = new NpgsqlCommand(
            """
            explain (analyze, buffers, format json)
            select
                d.artist_key,
                d.priority,
                d.synced
            from public.claim_due_artists(@minimumAge, @limit) d
            """,
            connection,
            transaction);
        claim.Parameters.AddWithValue("minimumAge", minimumAge);
        claim.Parameters.AddWithValue("limit", limit);
        using var plan = JsonDocument.Parse((string)(await claim.ExecuteScalarAsync(cancellationToken))!);
        var node = plan.RootElement[0].GetProperty("Plan");
        await transaction.RollbackAsync(cancellationToken);
        return node.GetProperty("Shared Hit Blocks").GetInt64() + node.GetProperty("Shared Read Blocks").GetInt64();
    }
}
