using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>The gates of providers, for calls that no job makes.</summary>
public sealed class ProviderGates(Database database)
{
    /// <summary>Null while nothing has ever gone wrong.</summary>
    public Task<ProviderGate?> FindAsync(string provider, CancellationToken ct) => database.QueryFirstAsync<ProviderGate>(
        """
        select
            provider,
            blocked_until,
            reason,
            state = 'open' and coalesce(blocked_until > harmony.now(), false) as is_blocked
        from harmony.provider_gate
        where provider = @provider
        """,
        new { provider },
        ct);

    /// <summary>Until when nobody calls it now.</summary>
    public Task<DateTimeOffset> BlockAsync(ProviderBlockedException refusal, CancellationToken ct) => database.QueryFirstAsync<DateTimeOffset>(
        "select harmony.gate_block(@Provider, @Wait, @Reason)", new { refusal.Provider, refusal.Wait, Reason = SafeText.Line(refusal.Reason) }, ct);
}

public sealed record ProviderGate
{
    public required string Provider { get; init; }

    public DateTimeOffset? BlockedUntil { get; init; }

    public string? Reason { get; init; }

    /// <summary>No job that needs it is started now.</summary>
    public required bool IsBlocked { get; init; }
}
