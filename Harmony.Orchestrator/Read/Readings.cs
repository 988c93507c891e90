namespace Harmony.Orchestrator;

/// <summary>What the list of lanes shows.</summary>
public sealed record LaneReading
{
    public required IReadOnlyList<LaneFigures> Lanes { get; init; }

    public required IReadOnlyList<PauseFigures> Pauses { get; init; }

    public required IReadOnlyList<RateFigures> Rates { get; init; }
}

/// <summary>What the page of lanes shows.</summary>
public sealed record LanesPageReading
{
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LaneFigures> Lanes { get; init; }

    public required IReadOnlyList<PauseFigures> Pauses { get; init; }
}

/// <summary>What the status shows.</summary>
public sealed record StatusReading
{
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LaneFigures> Lanes { get; init; }

    public required IReadOnlyList<PauseFigures> Pauses { get; init; }

    public required IReadOnlyList<GateFigures> Gates { get; init; }

    public required IReadOnlyList<ServerFigures> Servers { get; init; }

    public required long DeadLetters { get; init; }
}

/// <summary>What a scrape shows.</summary>
public sealed record MetricsReading
{
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LaneFigures> Lanes { get; init; }

    public required EndFigures EndedLastHour { get; init; }

    public required IReadOnlyList<DeadLetterReason> DeadLetters { get; init; }

    public required IReadOnlyList<GateFigures> Gates { get; init; }

    public required IReadOnlyList<PauseFigures> Pauses { get; init; }

    public required IReadOnlyList<RateFigures> Rates { get; init; }

    public required IReadOnlyList<ServerFigures> Servers { get; init; }

    /// <summary>Tickets set aside because their kind is paused or their provider's gate is closed.</summary>
    public required long Parked { get; init; }
}

/// <summary>What the first page shows.</summary>
public sealed record OverviewReading
{
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LaneFigures> Lanes { get; init; }

    public required IReadOnlyList<StateFigures> States { get; init; }

    /// <summary>The last hour, of it the newest hundred thousand ends; minutes in which nothing ended have no row.</summary>
    public required IReadOnlyList<MinuteFigures> Minutes { get; init; }

    /// <summary>The last thirty days, each with a row.</summary>
    public required IReadOnlyList<DayFigures> Days { get; init; }

    public required IReadOnlyList<DeadLetterReason> DeadLetters { get; init; }

    public required IReadOnlyList<GateFigures> Gates { get; init; }

    public required IReadOnlyList<PauseFigures> Pauses { get; init; }

    public required IReadOnlyList<RateFigures> Rates { get; init; }

    public required IReadOnlyList<ServerFigures> Servers { get; init; }

    public required SizeFigures Size { get; init; }
}
