using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>The gates of providers, for calls that are not made by a job.</summary>
public sealed class ProviderGates(Database database)
{
    /// <summary>Null when no failure was ever recorded.</summary>
    public Task<ProviderGate?> FindAsync(string provider, CancellationToken cancellationToken) => database.QueryFirstAsync<ProviderGate>(
        """
        select
            provider,
            blocked_until,
            blocked_until - harmony.now() as wait,
            reason,
            state = 'open' and coalesce(blocked_until > harmony.now(), false) as is_blocked
        from harmony.provider_gate
        where provider = @provider
        """,
        new { provider },
        cancellationToken);

    /// <summary>Throws while the gate of the provider is closed.</summary>
    public async Task CheckAsync(string provider, CancellationToken cancellationToken)
    {
        if (await FindAsync(provider, cancellationToken) is { IsBlocked: true, Wait: { } wait } gate)
            throw new ProviderBlockedException(provider, wait, gate.Reason ?? "its gate is closed");
    }

    /// <summary>The gate as it is now, with the time until which it is closed.</summary>
    public async Task<ProviderGate> BlockAsync(ProviderBlockedException refusal, CancellationToken cancellationToken) => (await database.QueryFirstAsync<ProviderGate>(
        $"""
        select
            @Provider as provider,
            b.until as blocked_until,
            b.until - harmony.now() as wait,
            @Reason as reason,
            true as is_blocked
        from {(refusal.LongestGuess is null ? "harmony.gate_block(@Provider, @Wait, @Reason)" : "harmony.gate_block_guessed(@Provider, @Wait, @LongestGuess, @Reason)")} b (until)
        """,
        new { refusal.Provider, refusal.Wait, refusal.LongestGuess, Reason = SafeText.Line(refusal.Reason) },
        cancellationToken))!;

    /// <summary>Counts a failed call; true when it closes the gate.</summary>
    public async Task<bool> CountFailureAsync(ProviderFailedException failure, CancellationToken cancellationToken) => await database.QueryFirstAsync<string>(
        "select harmony.gate_failure(@Provider, @Message)", new { failure.Provider, Message = SafeText.Line(failure.Message) }, cancellationToken) == "open";
}

public sealed record ProviderGate
{
    public required string Provider { get; init; }

    public DateTimeOffset? BlockedUntil { get; init; }

    /// <summary>The time from now until then; negative when it has passed.</summary>
    public TimeSpan? Wait { get; init; }

    public string? Reason { get; init; }

    /// <summary>Jobs that need the provider are not started now.</summary>
    public required bool IsBlocked { get; init; }
}
