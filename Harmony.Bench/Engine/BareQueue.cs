using Harmony.Data;

namespace Harmony.Bench.Engine;

/// <summary>The reference: a queue that is one table and one statement, and promises nothing else.</summary>
internal sealed class BareQueue(Database database)
{
    /// <summary>A server takes a hundred sessions by default, and some are for others.</summary>
    private const int MostSessions = 80;

    public Task CreateAsync(CancellationToken cancellationToken) => database.ExecuteAsync(
        """
        drop table if exists public.bench_queue;
        create table public.bench_queue (id bigserial primary key, args jsonb not null)
        """,
        null,
        cancellationToken);

    public Task DropAsync(CancellationToken cancellationToken) => database.ExecuteAsync("drop table public.bench_queue", null, cancellationToken);

    public Task FillAsync(int rows, CancellationToken cancellationToken) => database.ExecuteAsync(
        "insert into public.bench_queue (args) select jsonb_build_object('n', i) from generate_series(1, @rows) i", new { rows }, cancellationToken);

    /// <summary>As many connections as jobs in flight, each taking one row at a time, a commit each.</summary>
    public Task BurnDownAsync(int inFlight, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Math.Min(inFlight, MostSessions)).Select(_ => TakeAllAsync(cancellationToken)));

    private async Task TakeAllAsync(CancellationToken cancellationToken)
    {
        long? taken;
        do
        {
            taken = await database.QueryFirstAsync<long?>(
                """
                delete from public.bench_queue b
                using (
                    select id
                    from public.bench_queue
                    order by id
                    limit 1
                    for update skip locked
                ) head
                where b.id = head.id
                returning b.id
                """,
                null,
                cancellationToken);
        }
        while (taken is not null);
    }
}
