namespace Harmony.Sandbox.Slskd;

internal sealed record SearchRecord
{
    public required string Id { get; init; }

    public required string Text { get; init; }

    public required int Token { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public int TimeoutMs { get; init; }

    public int ResponseLimit { get; init; }

    public int FileLimit { get; init; }

    public int MaximumQueue { get; init; }

    public int MinimumSpeed { get; init; }

    /// <summary>No peer answers.</summary>
    public bool Silent { get; init; }

    /// <summary>The daemon ends the search by an error of its own.</summary>
    public bool Errored { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public bool Deleted { get; init; }
}
