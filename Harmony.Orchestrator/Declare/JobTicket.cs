namespace Harmony.Orchestrator;

/// <summary>A fetched job, as <c>harmony.fetch</c> returns it to a worker.</summary>
public sealed record JobTicket
{
    public required long TicketId { get; init; }

    public required long JobId { get; init; }

    public required long Fence { get; init; }

    public required string Kind { get; init; }

    public required string Lane { get; init; }

    public required string ArgsJson { get; init; }

    public required int Attempts { get; init; }

    public required bool Forced { get; init; }

    public string? RequestedBy { get; init; }

    public string? TraceId { get; init; }

    /// <summary>The subject of the job, if it was known at enqueue.</summary>
    public string? Title { get; init; }
}
