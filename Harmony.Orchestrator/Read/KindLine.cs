namespace Harmony.Orchestrator;

/// <summary>A kind as the database knows it.</summary>
public sealed record KindLine
{
    public required string Kind { get; init; }

    public required string Lane { get; init; }

    public required string Providers { get; init; }

    public string? KeyTemplate { get; init; }

    public string? UniqueUntil { get; init; }

    public required int MaxRetries { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required bool OperatorStartable { get; init; }
}

/// <summary>A target of a pause, by its name in the pause.</summary>
public sealed record PauseTarget
{
    public required string Scope { get; init; }

    public required string Name { get; init; }
}
