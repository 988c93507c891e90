namespace Harmony.Jobs.Ingest;

public sealed class IngestOptions
{
    public int MaxTracksPerRequest { get; init; } = 5000;

    public int BatchSize { get; init; } = 500;

    public int MaxPendingJobs { get; init; } = 100;
}
