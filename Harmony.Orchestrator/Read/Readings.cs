namespace Harmony.Orchestrator;

/// <summary>The data of the list of lanes.</summary>
public sealed record LaneReading
{
    public required IReadOnlyList<LaneFigures> Lanes { get; init; }

    public required IReadOnlyList<PauseFigures> Pauses { get; init; }

    public required IReadOnlyList<RateFigures> Rates { get; init; }
}

/// <summary>The data of the lanes page.</summary>
public sealed record LanesPageReading
{
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LaneFigures> Lanes { get; init; }

    public required IReadOnlyList<PauseFigures> Pauses { get; init; }
}

/// <summary>The data of the status.</summary>
public sealed record StatusReading
{
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LaneFigures> Lanes { get; init; }

    public required IReadOnlyList<PauseFigures> Pauses { get; init; }

    public required IReadOnlyList<GateFigures> Gates { get; init; }

    public required IReadOnlyList<ServerFigures> Servers { get; init; }

    public required long DeadLetters { get; init; }
}

/// <summary>The data of a metrics scrape.</summary>
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

/// <summary>The data of the first page.</summary>
public sealed record OverviewReading
{
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LaneFigures> Lanes { get; init; }

    public required IReadOnlyList<StateFigures> States { get; init; }

    /// <summary>The last hour, limited to the newest hundred thousand ends; minutes without an end have no row.</summary>
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
