using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace Harmony.Data.Migrations;

/// <summary>
/// Brings the database to this version's schema, one migrator at a time: numbered files of tables, one transaction each, then the functions.
/// </summary>
public sealed partial class Migrator
{
    // Any number is possible, as long as every version of Harmony uses the same.
    private const long MigrationLock = 4_201_207_715;

    private readonly NpgsqlDataSource _source;
    private readonly string _hangfireSchema;
    private readonly IReadOnlyList<Migration> _known = Migration.ReadAll();
    private readonly FunctionSet _functions;

    public Migrator(NpgsqlDataSource source, string hangfireSchema)
    {
        if (!SchemaName().IsMatch(hangfireSchema))
            throw new MigrationException($"HARMONY_HANGFIRE_SCHEMA '{hangfireSchema}' is no schema name: use a-z, 0-9 and _, starting with a letter.");
        _source = source;
        _hangfireSchema = hangfireSchema;
        _functions = new FunctionSet(InSchema);
    }

    private Migration Baseline => _known[0];

    /// <summary>Applies the missing migrations in order, then the function files that differ, and returns their names.</summary>
    public Task<SchemaChanges> UpAsync(CancellationToken cancellationToken) => UpAsync(int.MaxValue, cancellationToken);

    /// <summary>Applies the missing migrations up to <paramref name="target"/>: the tables of an earlier version, without functions.</summary>
    public Task<SchemaChanges> UpAsync(int target, CancellationToken cancellationToken) =>
        UnderLockAsync(
            async connection =>
            {
                var applied = await SettledAsync(connection, cancellationToken);
                var missing = _known.Where(m => m.Version <= target && applied.All(a => a.Version != m.Version)).ToList();
                if (missing.Contains(Baseline))
                    await RefuseForeignSchemaAsync(connection, cancellationToken);
                foreach (var migration in missing)
                    await ApplyAsync(connection, migration, cancellationToken);
                if (target < _known[^1].Version)
                    return new SchemaChanges(missing, []);
                await RefuseOtherSchemaAsync(connection, cancellationToken);
                return new SchemaChanges(missing, await _functions.ApplyAsync(connection, cancellationToken));
            },
            cancellationToken);

    /// <summary>
    /// Rolls the newest migrations back until <paramref name="target"/> is the newest left. Functions stay: the older version
    /// applies its own when it starts. They are dropped only when no table is left.
    /// </summary>
    public Task<IReadOnlyList<Migration>> DownAsync(int target, CancellationToken cancellationToken) =>
        UnderLockAsync<IReadOnlyList<Migration>>(
            async connection =>
            {
                var applied = await SettledAsync(connection, cancellationToken);
                var back = _known.Where(m => m.Version > target && applied.Any(a => a.Version == m.Version)).Reverse().ToList();
                foreach (var migration in back)
                    await RollBackAsync(connection, migration, cancellationToken);
                if (back.Contains(Baseline))
                    await _functions.DropAsync(connection, cancellationToken);
                return back;
            },
            cancellationToken);

    /// <summary>Only reads, without the lock: readiness asks while another process migrates.</summary>
    public async Task<SchemaStatus> StatusAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        var begun = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select to_regclass('public.harmony_migration') is not null", cancellationToken: cancellationToken));
        var applied = begun ? (await AppliedAsync(connection, cancellationToken)).ToDictionary(a => a.Version) : [];
        return new SchemaStatus(
            [.. _known.Select(m => new MigrationStatus(m, applied.GetValueOrDefault(m.Version)?.AppliedAt))],
            await _functions.StatusAsync(connection, cancellationToken));
    }

    private async Task<T> UnderLockAsync<T>(Func<NpgsqlConnection, Task<T>> act, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, null, $"select pg_advisory_lock({MigrationLock})", cancellationToken);
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
                );
                create table if not exists public.harmony_function (
                    file text primary key,
                    checksum text not null,
                    functions text[] not null,
                    applied_at timestamptz not null default clock_timestamp()
                )
                """,
                cancellationToken);
            return await act(connection);
        }
        finally
        {
            // Connections are pooled without a reset, so the lock must be released explicitly, also when the caller was cancelled.
            await ExecuteAsync(connection, null, $"select pg_advisory_unlock({MigrationLock})", CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<AppliedMigration>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
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
            cancellationToken: cancellationToken))).AsList();

    // The applied migrations; all must be known. A database of the migrations before the baseline has its tables: only the row is missing.
    private async Task<IReadOnlyList<AppliedMigration>> SettledAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = await AppliedAsync(connection, cancellationToken);
        var before = applied.Where(a => a.Version < Baseline.Version).ToList();
        if (before.Count > 0 && applied.All(a => a.Version != Baseline.Version))
        {
            BeforeBaseline.Verify(before);
            await RecordAsync(connection, Baseline, cancellationToken);
            applied = await AppliedAsync(connection, cancellationToken);
        }

        foreach (var row in applied.Except(before))
        {
            var known = _known.FirstOrDefault(m => m.Version == row.Version);
            if (known is null)
                throw new MigrationException($"The database has migration {row.Version:0000}_{row.Name}, which this version does not know: run a newer Harmony.");
            if (known.Checksum != row.Checksum)
                throw new MigrationException($"Migration {row.Version:0000}_{row.Name} was edited after it was applied: restore the file, and write a new one.");
        }

        return applied;
    }

    // A Hangfire of another application may use the schema that Harmony would use.
    private async Task RefuseForeignSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var taken = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from pg_namespace where nspname = @schema)", new { schema = _hangfireSchema }, cancellationToken: cancellationToken));
        if (taken)
        {
            throw new MigrationException(
                $"The schema '{_hangfireSchema}' already exists and is not Harmony's: it is left alone. Set HARMONY_HANGFIRE_SCHEMA to another name.");
        }
    }

    // The database was made with another schema name: its functions would be written for tables that do not exist.
    private async Task RefuseOtherSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var there = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select to_regclass(@table) is not null", new { table = _hangfireSchema + ".jobqueue" }, cancellationToken: cancellationToken));
        if (!there)
            throw new MigrationException($"The jobs of this database are in another schema than '{_hangfireSchema}': set HARMONY_HANGFIRE_SCHEMA to its name.");
    }

    private static Task RecordAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into public.harmony_migration (version, name, checksum) values (@Version, @Name, @Checksum)", migration, cancellationToken: cancellationToken));

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RecordAsync(connection, migration, cancellationToken);
        await ExecuteAsync(connection, transaction, InSchema(migration.Up), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task RollBackAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, transaction, InSchema(migration.Down), cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from public.harmony_migration where version = @Version", migration, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    // The files use the schema's default name; its first part is also in the names of Hangfire's lock rows.
    private string InSchema(string sql) => _hangfireSchema == "hangfire"
        ? sql
        : sql.Replace("hangfire.", _hangfireSchema + ".", StringComparison.Ordinal)
            .Replace("schema hangfire", "schema " + _hangfireSchema, StringComparison.Ordinal)
            .Replace("'hangfire:", $"'{_hangfireSchema}:", StringComparison.Ordinal);

    private static async Task ExecuteAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,40}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SchemaName();
}

/// <summary>The schema cannot be migrated; the message tells the operator what to do.</summary>
public sealed class MigrationException(string message) : Exception(message);
