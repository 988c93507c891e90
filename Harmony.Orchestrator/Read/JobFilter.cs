namespace Harmony.Orchestrator;

/// <summary>Selects jobs to list; a part that is null does not restrict.</summary>
public sealed record JobFilter
{
    public long? Id { get; init; }

    public string? State { get; init; }

    public string? Kind { get; init; }

    public string? Lane { get; init; }

    public string? Key { get; init; }

    public long? Parent { get; init; }

    /// <summary>Part of the last error, ignoring case.</summary>
    public string? Text { get; init; }

    /// <summary>Search the arguments too: only for readers who may see them.</summary>
    public bool InArguments { get; init; }

    public long? Before { get; init; }
}
