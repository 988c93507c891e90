namespace Harmony.Orchestrator;

public sealed record PlaceInLine
{
    /// <summary>Counted up to ten thousand.</summary>
    public required long Ahead { get; init; }

    public DateTimeOffset? ExpectedAt { get; init; }
}
