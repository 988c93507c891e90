namespace Harmony.Data.Downloads;

/// <summary>A Soulseek search by its text; <c>Results</c> is a JSON text, set when the state is done.</summary>
public sealed record ReleaseSearch
{
    public required long Id { get; init; }

    public required string Scope { get; init; }

    public required string Query { get; init; }

    public required string State { get; init; }

    public required int Generation { get; init; }

    public string? Results { get; init; }

    public required int Responses { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SearchedAt { get; init; }

    /// <summary>The reason of a search without answers, set when the state is failed.</summary>
    public string? Error { get; init; }

    public bool IsDone => State == "done";
}
