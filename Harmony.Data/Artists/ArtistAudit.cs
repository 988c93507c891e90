namespace Harmony.Data.Artists;

/// <summary>One change made by a sync; <c>Before</c> and <c>After</c> are JSON texts.</summary>
public sealed record ArtistAudit
{
    public required long Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public long? JobId { get; init; }

    public required string ArtistKey { get; init; }

    public required string EntityType { get; init; }

    public required string EntityId { get; init; }

    public required string Event { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }
}

public sealed record ArtistAuditWrite(string EntityType, string EntityId, string Event, object? Before, object? After);
