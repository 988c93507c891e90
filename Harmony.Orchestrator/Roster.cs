using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>Which job servers are alive: cheap enough for a probe.</summary>
public sealed class Roster(Database database)
{
    public Task<long> CountLiveAsync(TimeSpan heardWithin, CancellationToken ct) =>
        database.QueryFirstAsync<long>(
            """
            select count(*)
            from harmony.servers() s
            where s.heartbeat > harmony.now() - @heardWithin
            """,
            new { heardWithin },
            ct);
}
