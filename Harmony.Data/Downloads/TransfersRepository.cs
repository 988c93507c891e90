namespace Harmony.Data.Downloads;

/// <summary>Transfers under way: the reads and writes of the poller.</summary>
public sealed class TransfersRepository(Database database)
{
    public Task<IReadOnlyList<Transfer>> ListActiveAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Transfer>(
            """
            select
                d.id,
                d.slskd_batch_id,
                d.slskd_transfer_id,
                d.username,
                d.filename,
                d.transfer_state,
                d.requested_at,
                d.queued_at,
                d.progress_at,
                d.bytes,
                d.bytes_total,
                c.now
            from public.downloads d
            cross join (select harmony.now() as now) c
            where d.stage in ('requested', 'transferring')
                and d.state = 'downloading'
            order by d.id
            """,
            null,
            cancellationToken);

    public Task<Transfer?> FindAsync(long id, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<Transfer>(
            """
            select
                d.id,
                d.slskd_batch_id,
                d.slskd_transfer_id,
                d.username,
                d.filename,
                d.transfer_state,
                d.requested_at,
                d.queued_at,
                d.progress_at,
                d.bytes,
                d.bytes_total,
                harmony.now() as now
            from public.downloads d
            where d.id = @id
                and d.stage in ('requested', 'transferring')
            """,
            new { id },
            cancellationToken);

    /// <summary>
    /// One statement for all of them. The batch id protects a row that has moved on to another peer; rows are locked
    /// in the order of their ids, so that two writers cannot deadlock.
    /// </summary>
    public Task SaveAsync(Work work, IReadOnlyList<TransferUpdate> updates, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            with news as materialized (
                select
                    n.id,
                    n.slskd_transfer_id,
                    n.transfer_state,
                    n.bytes,
                    n.bytes_total,
                    n.progress,
                    harmony.now() as now
                from jsonb_to_recordset(cast(@updates as jsonb)) as n (
                    id bigint, slskd_batch_id uuid, slskd_transfer_id text, transfer_state text,
                    bytes bigint, bytes_total bigint, progress double precision)
                join public.downloads d on d.id = n.id and d.slskd_batch_id = n.slskd_batch_id
                where d.stage in ('requested', 'transferring')
                order by d.id
                for update of d
            )
            update public.downloads d
            set
                stage = case when n.bytes > 0 or n.transfer_state = 'InProgress' then 'transferring' else d.stage end,
                slskd_transfer_id = n.slskd_transfer_id,
                transfer_state = n.transfer_state,
                queued_at = case when n.transfer_state = 'Queued, Remotely' then coalesce(d.queued_at, n.now) else d.queued_at end,
                progress_at = case
                    when n.bytes > d.bytes or n.transfer_state is distinct from d.transfer_state then n.now
                    else d.progress_at
                end,
                bytes = n.bytes,
                bytes_total = coalesce(n.bytes_total, d.bytes_total),
                progress = n.progress,
                updated_at = n.now
            from news n
            where d.id = n.id
            """,
            new { updates = RowJson.Write(updates) },
            cancellationToken);
}
