using Harmony.Data;

namespace Harmony.Bench.Engine;

/// <summary>The reference: a queue that is one table and one statement, and promises nothing else.</summary>
internal sealed class BareQueue(Database database)
{
    /// <summary>A server takes a hundred sessions by default, and some are for others.</summary>
    private const int MostSessions = 80;

    public Task CreateAsync(CancellationToken ct) => database.ExecuteAsync(
        """
        drop table if exists public.bench_queue;
        create table public.bench_queue (id bigserial primary key, args jsonb not null)
        """,
        null,
        ct);

    public Task DropAsync(CancellationToken ct) => database.ExecuteAsync("drop table public.bench_queue", null, ct);

    public Task FillAsync(int rows, CancellationToken ct) => database.ExecuteAsync(
        "insert into public.bench_queue (args) select jsonb_build_object('n', i) from generate_series(1, @rows) i", new { rows }, ct);

    /// <summary>As many connections as jobs in flight, each taking one row at a time, a commit each.</summary>
    public Task BurnDownAsync(int inFlight, CancellationToken ct) =>
        Task.WhenAll(Enumerable.Range(0, Math.Min(inFlight, MostSessions)).Select(_ => TakeAllAsync(ct)));

    private async Task TakeAllAsync(CancellationToken ct)
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
                ct);
        }
        while (taken is not null);
    }
}
