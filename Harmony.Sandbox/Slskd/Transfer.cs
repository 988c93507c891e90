using System.Text.Json.Serialization;
using Harmony.Sandbox.Faults;

namespace Harmony.Sandbox.Slskd;

/// <summary>One download of the daemon. The fields that are not written describe the attempt under way.</summary>
internal sealed class Transfer
{
    public required string Id { get; init; }

    public required string Username { get; init; }

    public required string Filename { get; init; }

    public required long Size { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public string? BatchId { get; init; }

    public string? Destination { get; init; }

    public string State { get; set; } = TransferState.QueuedLocally;

    public DateTimeOffset? EnqueuedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public long BytesTransferred { get; set; }

    public double AverageSpeed { get; set; }

    public int Attempts { get; set; }

    public bool Removed { get; set; }

    public bool Landed { get; set; }

    public string? Exception { get; set; }

    public int? PlaceInQueue { get; set; }

    [JsonIgnore]
    public DateTimeOffset PhaseEndsAt { get; set; }

    [JsonIgnore]
    public FaultRule? Fault { get; set; }

    [JsonIgnore]
    public byte[]? Content { get; set; }

    [JsonIgnore]
    public long ResumedAt { get; set; }

    [JsonIgnore]
    public bool IsCompleted => State.StartsWith("Completed", StringComparison.Ordinal);

    /// <summary>There is still something to do: bytes to fetch, or a whole file to move.</summary>
    [JsonIgnore]
    public bool IsAlive => !IsCompleted || (State == TransferState.Succeeded && !Landed);

    [JsonIgnore]
    public bool HoldsSlot => State is TransferState.Requested or TransferState.Initializing or TransferState.InProgress;

    [JsonIgnore]
    public string Folder => Filename.LastIndexOf('\\') is > 0 and var at ? Filename[..at] : "";

    public Transfer Again(string id, DateTimeOffset now) => new()
    {
        Id = id,
        Username = Username,
        Filename = Filename,
        Size = Size,
        RequestedAt = now,
        BatchId = BatchId,
        Destination = Destination,
    };

    public void End(string state, DateTimeOffset now, string? exception = null)
    {
        State = state;
        EndedAt = now;
        Exception = exception;
    }
}
