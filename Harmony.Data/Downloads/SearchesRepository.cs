namespace Harmony.Data.Downloads;

/// <summary>Searches and their stored answers.</summary>
public sealed class SearchesRepository(Database database)
{
    private const string Columns =
        """
        s.id,
        s.scope,
        s.query,
        s.state,
        s.generation,
        s.created_at,
        s.results,
        s.responses,
        s.searched_at,
        s.error
        """;

    public Task<ReleaseSearch?> FindAsync(long id, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<ReleaseSearch>(
            $"""
            select {Columns}
            from public.release_searches s
            where s.id = @id
            """,
            new { id },
            cancellationToken);

    /// <summary>The stored answers to this text, unless they are older than the caller allows.</summary>
    public Task<ReleaseSearch?> FindFreshAsync(string query, TimeSpan maximumAge, DateTimeOffset? after, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<ReleaseSearch>(
            $"""
            select {Columns}
            from public.release_searches s
            where s.query = @query
                and s.state = 'done'
                and s.searched_at > harmony.now() - @maximumAge
                and (cast(@after as timestamptz) is null or s.searched_at > @after)
            """,
            new { query, maximumAge, after },
            cancellationToken);

    /// <summary>The error of the last search for this text; null when it did not fail.</summary>
    public Task<string?> FindErrorAsync(string query, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<string>(
            """
            select s.error
            from public.release_searches s
            where s.query = @query
                and s.state = 'failed'
            """,
            new { query },
            cancellationToken);

    /// <summary>Requests a search for this text: joins a waiting or running one, or starts the next generation of an ended one.</summary>
    public Task<long> AskAsync(Work work, string scope, string query, long? releaseId, long? trackId, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<long>(
            """
            insert into public.release_searches as s (scope, query, release_id, track_id)
            values (@scope, @query, @releaseId, @trackId)
            on conflict (query) do update
            set
                generation = case when s.state in ('done', 'failed') then s.generation + 1 else s.generation end,
                slskd_search_id = case when s.state in ('done', 'failed') then null else s.slskd_search_id end,
                state = case when s.state in ('done', 'failed') then 'waiting' else s.state end,
                error = null,
                updated_at = harmony.now()
            returning s.id
            """,
            new { scope, query, releaseId, trackId },
            cancellationToken);

    public async Task<bool> StartAsync(Work work, long id, int generation, Guid slskdSearchId, CancellationToken cancellationToken) =>
        await work.ExecuteAsync(
            """
            update public.release_searches
            set
                state = 'running',
                slskd_search_id = @slskdSearchId,
                error = null,
                updated_at = harmony.now()
            where id = @id
                and generation = @generation
                and state in ('waiting', 'running', 'failed')
            """,
            new { id, generation, slskdSearchId },
            cancellationToken) > 0;

    public async Task<bool> FinishAsync(Work work, long id, int generation, string resultsJson, int responses, CancellationToken cancellationToken) =>
        await work.ExecuteAsync(
            """
            update public.release_searches
            set
                state = 'done',
                results = cast(@resultsJson as jsonb),
                responses = @responses,
                searched_at = harmony.now(),
                updated_at = harmony.now()
            where id = @id
                and generation = @generation
                and state = 'running'
            """,
            new { id, generation, resultsJson, responses },
            cancellationToken) > 0;
}
