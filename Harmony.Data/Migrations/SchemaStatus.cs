namespace Harmony.Data.Migrations;

/// <summary>The state of a database, compared with this version.</summary>
public sealed record SchemaStatus(IReadOnlyList<MigrationStatus> Migrations, IReadOnlyList<FunctionStatus> Functions)
{
    /// <summary>An upgrade has nothing to do.</summary>
    public bool IsCurrent => Migrations.All(m => m.AppliedAt is not null) && Functions.All(f => f.State == FunctionState.Applied);

    /// <summary>
    /// This version can work here. Functions may be those of a neighbouring version: both versions work with either while processes are
    /// replaced one after the other.
    /// </summary>
    public bool IsUsable => Migrations.All(m => m.AppliedAt is not null) && Functions.Any(f => f.State is FunctionState.Applied or FunctionState.Differs);
}

public sealed record MigrationStatus(Migration Migration, DateTimeOffset? AppliedAt);

/// <summary>The result of an upgrade: the applied migrations, and the applied function files or dropped functions.</summary>
public sealed record SchemaChanges(IReadOnlyList<Migration> Migrations, IReadOnlyList<FunctionStatus> Functions);

internal sealed record AppliedMigration
{
    public required int Version { get; init; }

    public required string Name { get; init; }

    public required string Checksum { get; init; }

    public required DateTimeOffset AppliedAt { get; init; }
}
