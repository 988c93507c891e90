using System.Text.Json;
using Harmony.Data;

namespace Harmony.Tests.Postgres;

/// <summary>A worker whose every step the test takes itself: fetch, and say how it ended.</summary>
internal sealed class HandWorker(Database db, string name, params string[] lanes)
{
    private long _turn = 1;

    public sealed record Ticket
    {
        public required long TicketId { get; init; }

        public required long JobId { get; init; }

        public required long Fence { get; init; }

        public required string Kind { get; init; }
    }

    /// <summary>Writes kinds and rates as the catalogue of a starting process would.</summary>
    public static Task SyncAsync(Database db, object[] kinds, params object[] rates) =>
        db.ExecuteAsync(
            "select harmony.sync_kinds(cast(@kinds as jsonb), cast(@rates as jsonb))",
            new { kinds = JsonSerializer.Serialize(kinds), rates = JsonSerializer.Serialize(rates) },
            CancellationToken.None);

    public static object Kind(string kind, string lane, params string[] providers) =>
        new { kind, lane, providers, max_retries = 10, timeout_seconds = 60, default_priority = 50, operator_startable = true };

    /// <param name="room">In each lane, and over all of them unless <paramref name="total"/> says more.</param>
    public Task<IReadOnlyList<Ticket>> FetchAsync(int room, int? total = null) =>
        db.QueryAsync<Ticket>(
            """
            select
                f.ticket_id,
                f.job_id,
                f.fence,
                f.kind
            from harmony.fetch(@name, (select array_agg(k.kind) from harmony.kind k), @lanes, @rooms, @total, @turn) f
            """,
            new { name, lanes, rooms = lanes.Select(_ => room).ToArray(), total = total ?? room, turn = _turn++ },
            CancellationToken.None);

    public Task FinishAsync(IReadOnlyList<Ticket> tickets, string ending = "succeeded") =>
        db.QueryAsync<string>(
            "select answer from harmony.finish_many(@name, cast(@results as jsonb))",
            new
            {
                name,
                results = JsonSerializer.Serialize(tickets.Select(t => new { t = t.TicketId, j = t.JobId, f = t.Fence, o = ending, ms = 1, d = 0, em = "no", k = "bell" })),
            },
            CancellationToken.None);
}
