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

    /// <summary>Cancelled downloads, and dead letters, whose transfer slskd may still be working on.</summary>
    public Task<IReadOnlyList<AbandonedTransfer>> ListAbandonedAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<AbandonedTransfer>(
            """
            select
                d.id,
                d.slskd_batch_id,
                d.username,
                d.destination
            from public.downloads d
            where d.stage in ('requested', 'transferring')
                and d.state in ('cancelled', 'dead_letter')
            order by d.id
            """,
            null,
            cancellationToken);

    /// <summary>slskd and the folder hold nothing of it any more. The row keeps its state; a requeue chooses a peer anew.</summary>
    public Task ForgetAbandonedAsync(long id, Guid slskdBatchId, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            update public.downloads
            set
                stage = 'wanted',
                slskd_batch_id = null,
                slskd_transfer_id = null,
                transfer_state = null,
                destination = null,
                updated_at = harmony.now()
            where id = @id
                and slskd_batch_id = @slskdBatchId
                and stage in ('requested', 'transferring')
                and state in ('cancelled', 'dead_letter')
            """,
            new { id, slskdBatchId },
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

    /// <summary>Another download that fetches the same file of this peer now.</summary>
    public Task<long?> FindOtherAsync(long id, string username, string filename, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<long?>(
            """
            select d.id
            from public.downloads d
            where d.stage in ('requested', 'transferring')
                and d.state = 'downloading'
                and d.id <> @id
                and d.username = @username
                and d.filename = @filename
            order by d.id
            limit 1
            """,
            new { id, username, filename },
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
