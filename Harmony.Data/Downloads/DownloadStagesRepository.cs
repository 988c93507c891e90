namespace Harmony.Data.Downloads;

/// <summary>
/// The steps of one download. Each names the stages it may follow, so a row that was cancelled or has moved on
/// is not changed: false means that the caller must read it again.
/// </summary>
public sealed class DownloadStagesRepository(Database database)
{
    public Task<bool> SearchAsync(Work work, long id, string reason, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Wanted, DownloadStage.Searching], DownloadStage.Searching, DownloadState.Queued,
            "reason = @reason", new { reason }, cancellationToken);

    public Task<bool> ChooseAsync(Work work, long id, ChosenCandidate chosen, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Wanted, DownloadStage.Searching], DownloadStage.Chosen, DownloadState.Queued,
            """
            try = try + 1,
            candidate = cast(@CandidateJson as jsonb),
            candidate_requests = 1,
            next_search_at = null,
            search_requested_by = null,
            username = @Username,
            filename = @Filename,
            bytes = 0,
            bytes_total = @Size,
            progress = 0,
            reason = null
            """,
            chosen,
            cancellationToken);

    public Task<bool> RequestAsync(Work work, long id, Guid batchId, string destination, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Chosen], DownloadStage.Requested, DownloadState.Downloading,
            """
            slskd_batch_id = @batchId,
            destination = @destination,
            slskd_transfer_id = null,
            transfer_state = null,
            requested_at = harmony.now(),
            queued_at = null,
            progress_at = null,
            ended_at = null,
            bytes = 0,
            progress = 0,
            reason = null
            """,
            new { batchId, destination },
            cancellationToken);

    /// <summary>The request was not taken now: slskd has used up its batch id, so the next one is another try.</summary>
    public Task<bool> RequestLaterAsync(Work work, long id, string reason, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Chosen], DownloadStage.Chosen, DownloadState.Queued, "try = try + 1, reason = @reason", new { reason }, cancellationToken);

    /// <summary>Ask the same peer again, under a new batch: the transfer was lost without a refusal.</summary>
    public Task<bool> AskAgainAsync(Work work, long id, string reason, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Requested, DownloadStage.Transferring], DownloadStage.Chosen, DownloadState.Queued,
            """
            try = try + 1,
            candidate_requests = candidate_requests + 1,
            slskd_batch_id = null,
            slskd_transfer_id = null,
            bytes = 0,
            progress = 0,
            reason = @reason
            """,
            new { reason },
            cancellationToken);

    /// <summary>Rejects this peer: back to choosing, without it.</summary>
    /// <param name="searchAgain">The stored answers are known to be wrong: only newer ones count.</param>
    public Task<bool> DenyAsync(
        Work work, long id, string deniedPeersJson, DateTimeOffset denyUntil, bool searchAgain, string reason, CancellationToken cancellationToken) =>
        MoveAsync(work, id,
            [
                DownloadStage.Chosen, DownloadStage.Requested, DownloadStage.Transferring,
                DownloadStage.Landed, DownloadStage.Verified, DownloadStage.Tagged,
            ],
            DownloadStage.Wanted,
            DownloadState.Queued,
            """
            denied_peers = cast(@deniedPeersJson as jsonb),
            deny_until = greatest(deny_until, @denyUntil),
            search_after = case when @searchAgain then harmony.now() else search_after end,
            candidate = null,
            candidate_requests = 0,
            username = null,
            filename = null,
            slskd_batch_id = null,
            slskd_transfer_id = null,
            transfer_state = null,
            landed_path = null,
            bytes = 0,
            progress = 0,
            reason = @reason
            """,
            new { deniedPeersJson, denyUntil, searchAgain, reason },
            cancellationToken);

    /// <summary>No peer has the track: it is searched again after the wait, and only answers newer than now count.</summary>
    public Task<bool> WantAsync(Work work, long id, TimeSpan wait, string? closestJson, string reason, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Wanted, DownloadStage.Searching], DownloadStage.Wanted, DownloadState.Queued,
            """
            searches = searches + 1,
            search_after = harmony.now(),
            next_search_at = harmony.now() + @wait,
            search_requested_by = null,
            closest = cast(@closestJson as jsonb),
            reason = @reason
            """,
            new { wait, closestJson, reason },
            cancellationToken);

    /// <summary>No answer could be judged: the search is repeated after the wait, and not counted.</summary>
    public Task<bool> SearchLaterAsync(Work work, long id, TimeSpan wait, string reason, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Wanted, DownloadStage.Searching], DownloadStage.Wanted, DownloadState.Queued,
            """
            next_search_at = harmony.now() + @wait,
            reason = @reason
            """,
            new { wait, reason },
            cancellationToken);

    public Task<bool> LandAsync(Work work, long id, string landedPath, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Requested, DownloadStage.Transferring], DownloadStage.Landed, DownloadState.Downloading,
            """
            landed_path = @landedPath,
            ended_at = coalesce(ended_at, harmony.now()),
            bytes = coalesce(bytes_total, bytes),
            progress = 100,
            reason = null
            """,
            new { landedPath },
            cancellationToken);

    public Task<bool> VerifyAsync(Work work, long id, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Landed], DownloadStage.Verified, DownloadState.Downloading, "reason = null", null, cancellationToken);

    public Task<bool> TagAsync(Work work, long id, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Verified], DownloadStage.Tagged, DownloadState.Downloading, "reason = null", null, cancellationToken);

    /// <summary>The file to tag is missing: verify the downloaded file, and tag it again.</summary>
    public Task<bool> RetagAsync(Work work, long id, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Tagged], DownloadStage.Landed, DownloadState.Downloading, "reason = null", null, cancellationToken);

    public Task<bool> ShelveAsync(Work work, long id, string organizedPath, bool artwork, bool lyrics, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Tagged], DownloadStage.Shelved, DownloadState.Completed,
            """
            organized_path = @organizedPath,
            completed_at = harmony.now(),
            metadata_status = 'pending',
            artwork_status = case when @artwork then 'pending' end,
            lyrics_status = case when @lyrics then 'pending' end,
            retry_count = 0,
            next_retry_at = null,
            last_error = null,
            reason = null
            """,
            new { organizedPath, artwork, lyrics },
            cancellationToken);

    public Task<bool> FinishAsync(Work work, long id, CancellationToken cancellationToken) =>
        MoveAsync(work, id, [DownloadStage.Shelved], DownloadStage.Done, DownloadState.Completed, "landed_path = null", null, cancellationToken);

    /// <summary>Records the reason why a row does not advance; the stage stays.</summary>
    public Task ExplainAsync(long id, string? reason, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            update public.downloads
            set
                reason = @reason,
                updated_at = harmony.now()
            where id = @id
                and state in ('queued', 'downloading')
                and reason is distinct from @reason
            """,
            new { id, reason },
            cancellationToken);

    /// <summary>The time slskd first reported the end of the transfer; from then on the file is searched.</summary>
    public async Task<DateTimeOffset> MarkEndedAsync(Work work, long id, CancellationToken cancellationToken) =>
        await work.QueryFirstAsync<DateTimeOffset>(
            """
            update public.downloads
            set
                ended_at = coalesce(ended_at, harmony.now()),
                updated_at = harmony.now()
            where id = @id
            returning ended_at
            """,
            new { id },
            cancellationToken);

    private static async Task<bool> MoveAsync(
        Work work, long id, string[] from, string to, string state, string changes, object? values, CancellationToken cancellationToken)
    {
        var args = new Dapper.DynamicParameters(values);
        args.Add("id", id);
        args.Add("from", from);
        args.Add("to", to);
        args.Add("state", state);
        return await work.ExecuteAsync(
            $"""
            update public.downloads
            set
                {changes},
                stage = @to,
                state = @state,
                updated_at = harmony.now()
            where id = @id
                and stage = any (@from)
                and (state in ('queued', 'downloading') or stage = 'shelved')
            """,
            args,
            cancellationToken) > 0;
    }
}

/// <summary>The chosen peer and file of a download.</summary>
public sealed record ChosenCandidate(string CandidateJson, string Username, string Filename, long Size);
