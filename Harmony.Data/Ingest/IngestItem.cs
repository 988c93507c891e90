namespace Harmony.Data.Ingest;

/// <summary>A posted track.</summary>
public sealed record IngestItem
{
    public required long Id { get; init; }

    public required string JobId { get; init; }

    public string? RawLine { get; init; }

    public string? Artist { get; init; }

    public string? Title { get; init; }

    public string? Album { get; init; }

    public int? DurationSec { get; init; }

    public string? Isrc { get; init; }
}

public sealed record IngestItemWrite(
    int Position, string SourceType, string RawLine, string Artist, string Title, string? Album, int? DurationSec, string DedupeHash);
