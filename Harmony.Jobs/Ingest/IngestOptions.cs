using System.ComponentModel.DataAnnotations;

namespace Harmony.Jobs.Ingest;

public sealed class IngestOptions
{
    [Range(1, 100_000)]
    public int MaxTracksPerRequest { get; init; } = 5000;

    [Range(1, 10_000)]
    public int BatchSize { get; init; } = 500;

    [Range(1, 10_000)]
    public int MaxPendingJobs { get; init; } = 100;
}
