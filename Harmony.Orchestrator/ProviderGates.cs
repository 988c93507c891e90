using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>The gates of the providers, for calls as well that are made outside of a job.</summary>
public sealed class ProviderGates(Database database)
{
    /// <summary>Throws when the provider is not to be called now.</summary>
    public async Task CheckAsync(string provider, CancellationToken ct)
    {
        var closed = await database.QueryFirstAsync<ClosedGate>(
            """
            select
                g.blocked_until - harmony.now() as wait,
                g.reason
            from harmony.provider_gate g
            where g.provider = @provider
                and g.state = 'open'
                and g.blocked_until > harmony.now()
            """,
            new { provider },
            ct);
        if (closed is not null)
            throw new ProviderBlockedException(provider, closed.Wait, closed.Reason ?? "its gate is closed");
    }

    /// <summary>Closes the gate for every process, as long as the provider asked for.</summary>
    public Task BlockAsync(ProviderBlockedException blocked, CancellationToken ct) =>
        database.ExecuteAsync(
            "select harmony.gate_block(@Provider, @Wait, @Reason)",
            new { blocked.Provider, blocked.Wait, Reason = SafeText.Line(blocked.Reason) },
            ct);

    private sealed record ClosedGate
    {
        public required TimeSpan Wait { get; init; }

        public string? Reason { get; init; }
    }
}
