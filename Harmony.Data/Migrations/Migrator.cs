using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace Harmony.Data.Migrations;

/// <summary>Brings the database to this version's schema: numbered files, one transaction each, one migrator at a time.</summary>
public sealed partial class Migrator
{
    // Any number will do, as long as every version of Harmony uses the same.
    private const long MigrationLock = 4_201_207_715;

    private readonly NpgsqlDataSource _source;
    private readonly string _hangfireSchema;
    private readonly IReadOnlyList<Migration> _known = Migration.ReadAll();

    public Migrator(NpgsqlDataSource source, string hangfireSchema)
    {
        if (!SchemaName().IsMatch(hangfireSchema))
            throw new MigrationException($"HARMONY_HANGFIRE_SCHEMA '{hangfireSchema}' is no schema name: use a-z, 0-9 and _, starting with a letter.");
        _source = source;
        _hangfireSchema = hangfireSchema;
    }

    /// <summary>Applies what is missing, in order, and names it.</summary>
    public Task<IReadOnlyList<Migration>> UpAsync(CancellationToken ct) => UpAsync(int.MaxValue, ct);

    /// <summary>Applies what is missing up to <paramref name="target"/>: the schema as an earlier version left it.</summary>
    public Task<IReadOnlyList<Migration>> UpAsync(int target, CancellationToken ct) =>
        UnderLockAsync<IReadOnlyList<Migration>>(
            async connection =>
            {
                var applied = await AppliedAsync(connection, ct);
                Verify(applied);
                var missing = _known.Where(m => m.Version <= target && applied.All(a => a.Version != m.Version)).ToList();
                if (missing.Any(m => m.Version == 1))
                    await RefuseForeignSchemaAsync(connection, ct);
                foreach (var migration in missing)
                    await ApplyAsync(connection, migration, ct);
                return missing;
            },
            ct);

    /// <summary>Takes the newest migrations back until <paramref name="target"/> is the newest left.</summary>
    public Task<IReadOnlyList<Migration>> DownAsync(int target, CancellationToken ct) =>
        UnderLockAsync<IReadOnlyList<Migration>>(
            async connection =>
            {
                var applied = await AppliedAsync(connection, ct);
                Verify(applied);
                var back = _known.Where(m => m.Version > target && applied.Any(a => a.Version == m.Version)).Reverse().ToList();
                foreach (var migration in back)
                    await RollBackAsync(connection, migration, ct);
                return back;
            },
            ct);

    /// <summary>Only looks, without the lock: readiness asks while another process migrates.</summary>
    public async Task<IReadOnlyList<MigrationStatus>> StatusAsync(CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        var begun = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select to_regclass('public.harmony_migration') is not null", cancellationToken: ct));
        var applied = begun ? (await AppliedAsync(connection, ct)).ToDictionary(a => a.Version) : [];
        return [.. _known.Select(m => new MigrationStatus(m, applied.GetValueOrDefault(m.Version)?.AppliedAt))];
    }

    private async Task<T> UnderLockAsync<T>(Func<NpgsqlConnection, Task<T>> act, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        await ExecuteAsync(connection, null, $"select pg_advisory_lock({MigrationLock})", ct);
        try
        {
            await ExecuteAsync(
                connection,
                null,
                """
                create table if not exists public.harmony_migration (
                    version integer primary key,
                    name text not null,
                    checksum text not null,
                    applied_at timestamptz not null default clock_timestamp()
                )
                """,
                ct);
            return await act(connection);
        }
        finally
        {
            // Connections are pooled without a reset, so the lock must go by hand, also when the caller gave up.
            await ExecuteAsync(connection, null, $"select pg_advisory_unlock({MigrationLock})", CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<AppliedMigration>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct) =>
        (await connection.QueryAsync<AppliedMigration>(new CommandDefinition(
            """
            select
                version,
                name,
                checksum,
                applied_at
            from public.harmony_migration
            order by version
            """,
            cancellationToken: ct))).AsList();

    private void Verify(IReadOnlyList<AppliedMigration> applied)
    {
        foreach (var row in applied)
        {
            var known = _known.FirstOrDefault(m => m.Version == row.Version);
            if (known is null)
                throw new MigrationException($"The database has migration {row.Version:0000}_{row.Name}, which this version does not know: run a newer Harmony.");
            if (known.Checksum != row.Checksum)
                throw new MigrationException($"Migration {row.Version:0000}_{row.Name} was edited after it was applied: restore the file, and write a new one.");
        }
    }

    // A Hangfire of somebody else may live in the schema we would take.
    private async Task RefuseForeignSchemaAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var taken = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from pg_namespace where nspname = @schema)", new { schema = _hangfireSchema }, cancellationToken: ct));
        if (taken)
        {
            throw new MigrationException(
                $"The schema '{_hangfireSchema}' already exists and is not Harmony's: it is left alone. Set HARMONY_HANGFIRE_SCHEMA to another name.");
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into public.harmony_migration (version, name, checksum) values (@Version, @Name, @Checksum)",
            migration,
            transaction,
            cancellationToken: ct));
        await ExecuteAsync(connection, transaction, InSchema(migration.Up), ct);
        await transaction.CommitAsync(ct);
    }

    private async Task RollBackAsync(NpgsqlConnection connection, Migration migration, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, transaction, InSchema(migration.Down), ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from public.harmony_migration where version = @Version", migration, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
    }

    // The files are written for the schema's usual name; its first part is also in the names of Hangfire's lock rows.
    private string InSchema(string sql) => _hangfireSchema == "hangfire"
        ? sql
        : sql.Replace("hangfire.", _hangfireSchema + ".", StringComparison.Ordinal)
            .Replace("schema hangfire", "schema " + _hangfireSchema, StringComparison.Ordinal)
            .Replace("'hangfire:", $"'{_hangfireSchema}:", StringComparison.Ordinal);

    private static async Task ExecuteAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(ct);
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,40}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SchemaName();

    private sealed record AppliedMigration
    {
        public required int Version { get; init; }

        public required string Name { get; init; }

        public required string Checksum { get; init; }

        public required DateTimeOffset AppliedAt { get; init; }
    }
}

public sealed record MigrationStatus(Migration Migration, DateTimeOffset? AppliedAt);

/// <summary>The schema cannot be brought where it should be; the message tells the operator what to do.</summary>
public sealed class MigrationException(string message) : Exception(message);
