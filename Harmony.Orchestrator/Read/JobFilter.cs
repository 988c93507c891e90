namespace Harmony.Orchestrator;

/// <summary>What to list; a part that is null does not matter.</summary>
public sealed record JobFilter
{
    public long? Id { get; init; }

    public string? State { get; init; }

    public string? Kind { get; init; }

    public string? Lane { get; init; }

    public string? Key { get; init; }

    public long? Parent { get; init; }

    /// <summary>Part of the last error, whatever the case.</summary>
    public string? Text { get; init; }

    /// <summary>Look for the text in the arguments too: not for those who may not see them.</summary>
    public bool InArguments { get; init; }

    public long? Before { get; init; }
}
