namespace Harmony.Data.Migrations;

/// <summary>Where a database stands, seen from this version.</summary>
public sealed record SchemaStatus(IReadOnlyList<MigrationStatus> Migrations, IReadOnlyList<FunctionStatus> Functions)
{
    /// <summary>Nothing is left for an upgrade to do.</summary>
    public bool IsCurrent => Migrations.All(m => m.AppliedAt is not null) && Functions.All(f => f.State == FunctionState.Applied);

    /// <summary>
    /// This version can work here. Functions may be those of a neighbouring version: both work with either while processes are replaced one
    /// after the other.
    /// </summary>
    public bool IsUsable => Migrations.All(m => m.AppliedAt is not null) && Functions.Any(f => f.State is FunctionState.Applied or FunctionState.Differs);
}

public sealed record MigrationStatus(Migration Migration, DateTimeOffset? AppliedAt);

/// <summary>What an upgrade did: the migrations it applied, and the function files it applied or functions it dropped.</summary>
public sealed record SchemaChanges(IReadOnlyList<Migration> Migrations, IReadOnlyList<FunctionStatus> Functions);

internal sealed record AppliedMigration
{
    public required int Version { get; init; }

    public required string Name { get; init; }

    public required string Checksum { get; init; }

    public required DateTimeOffset AppliedAt { get; init; }
}
