using System.Text.Json.Serialization;

namespace Harmony.Orchestrator;

/// <summary>The end of a run, as <c>harmony.finish_many</c> takes it (the names are the fields of <c>harmony.outcome</c>).</summary>
public sealed record JobOutcome
{
    [JsonPropertyName("t")]
    public required long TicketId { get; init; }

    [JsonPropertyName("j")]
    public required long JobId { get; init; }

    [JsonPropertyName("f")]
    public required long Fence { get; init; }

    /// <summary>One of <see cref="JobEndings"/>.</summary>
    [JsonPropertyName("o")]
    public required string Ending { get; init; }

    [JsonPropertyName("ms")]
    public long Milliseconds { get; init; }

    [JsonPropertyName("r")]
    public string? Reason { get; init; }

    [JsonPropertyName("c")]
    public string? ReasonCode { get; init; }

    [JsonPropertyName("d")]
    public double? DelaySeconds { get; init; }

    [JsonPropertyName("k")]
    public string? WakeKey { get; init; }

    [JsonPropertyName("res")]
    public string? ResultJson { get; init; }

    [JsonPropertyName("et")]
    public string? ErrorType { get; init; }

    [JsonPropertyName("em")]
    public string? ErrorMessage { get; init; }

    [JsonPropertyName("ed")]
    public string? ErrorDetails { get; init; }
}
