namespace Harmony.Data.Downloads;

/// <summary>A requested download, with the data for the poller.</summary>
public sealed record Transfer
{
    public required long Id { get; init; }

    public required Guid SlskdBatchId { get; init; }

    public string? SlskdTransferId { get; init; }

    public required string Username { get; init; }

    public required string Filename { get; init; }

    public string? TransferState { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public DateTimeOffset? QueuedAt { get; init; }

    public DateTimeOffset? ProgressAt { get; init; }

    public required long Bytes { get; init; }

    public long? BytesTotal { get; init; }

    public required DateTimeOffset Now { get; init; }
}

/// <summary>The changes of one transfer at slskd since the last poll.</summary>
public sealed record TransferUpdate(
    long Id, Guid SlskdBatchId, string SlskdTransferId, string TransferState, long Bytes, long? BytesTotal, double Progress);

/// <summary>The transfer of a download that has ended without its file.</summary>
public sealed record AbandonedTransfer
{
    public required long Id { get; init; }

    public required Guid SlskdBatchId { get; init; }

    public required string Username { get; init; }

    public required string Destination { get; init; }
}
