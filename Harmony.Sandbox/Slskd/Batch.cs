namespace Harmony.Sandbox.Slskd;

internal sealed record Batch(string Id, string Username, DateTimeOffset CreatedAt, string? Destination);
