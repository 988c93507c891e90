namespace Harmony.Orchestrator;

public sealed record LaneFigures
{
    public required string Lane { get; init; }

    public required long Waiting { get; init; }

    public required long Running { get; init; }

    public required long Later { get; init; }

    /// <summary>Waiting jobs that are set aside until their kind or provider is free.</summary>
    public required long Parked { get; init; }

    public DateTimeOffset? OldestWaiting { get; init; }
}

public sealed record StateFigures
{
    public required string State { get; init; }

    public required long Jobs { get; init; }

    /// <summary>Too many to count: an estimate from the database's statistics.</summary>
    public required bool About { get; init; }
}

public sealed record MinuteFigures
{
    public required DateTimeOffset Minute { get; init; }

    public required long Done { get; init; }

    /// <summary>Failed runs that are retried.</summary>
    public required long Retried { get; init; }

    public required long Dead { get; init; }
}

public sealed record DayFigures
{
    public required DateOnly Day { get; init; }

    public required long Done { get; init; }

    /// <summary>Failed runs of jobs that were retried.</summary>
    public required long Retried { get; init; }

    public required long Dead { get; init; }
}

public sealed record GateFigures
{
    public required string Provider { get; init; }

    public required string State { get; init; }

    public required int Failures { get; init; }

    public DateTimeOffset? BlockedUntil { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}

public sealed record PauseFigures
{
    public required string Scope { get; init; }

    public required string Name { get; init; }

    public string? Reason { get; init; }

    public required string PausedBy { get; init; }

    public required DateTimeOffset PausedAt { get; init; }

    public DateTimeOffset? Until { get; init; }
}

public sealed record RateFigures
{
    public required string Lane { get; init; }

    public required int Permits { get; init; }

    public required TimeSpan Length { get; init; }

    public required long Used { get; init; }
}

public sealed record ServerFigures
{
    public required string Id { get; init; }

    public string? Queues { get; init; }

    public int? Workers { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset Heartbeat { get; init; }
}

public sealed record SizeFigures
{
    public required long Bytes { get; init; }

    public required long Sessions { get; init; }

    public required int MostSessions { get; init; }
}

/// <summary>Jobs that ended, of the newest hundred thousand ends of the last hour.</summary>
public sealed record EndFigures
{
    public required long Done { get; init; }

    public required long Dead { get; init; }
}
