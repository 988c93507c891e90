using Dapper;
using Npgsql;

namespace Harmony.Data.Migrations;

/// <summary>
/// Makes the functions of a database those of <c>sql/functions</c>: functions that differ are created again in one transaction, functions without
/// a file are dropped; triggers that differ follow. The caller holds the lock of the migrator.
/// </summary>
internal sealed class FunctionSet(Func<string, string> inSchema)
{
    // A trigger is created under a lock that waits for writers and blocks new ones: so the lock timeout is short, with retries. The triggers of
    // each table have their own transaction: with locks on two tables, it and the writers could deadlock.
    private const string LockTimeout = "500ms";
    private const int Attempts = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Functions of the schema harmony, and those of other schemas that a file once created.
    private const string Ours =
        """
        with ours as (
            select
                p.oid,
                p.xmin,
                n.nspname || '.' || p.proname as name
            from pg_proc p
            join pg_namespace n on n.oid = p.pronamespace
            where (n.nspname = 'harmony' or n.nspname || '.' || p.proname in (select unnest(f.functions) from public.harmony_function f))
                and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
        )
        """;

    private const string Unnamed =
        Ours +
        """

        select format('%s(%s)', o.name, pg_get_function_identity_arguments(o.oid))
        from ours o
        where o.name <> all (@named)
        order by 1
        """;

    // Functions of a just applied file that this transaction has not written are left over from its earlier text.
    private const string Drops =
        Ours +
        """

        , gone as (
            select
                o.oid,
                o.name <> all (@named) or o.name = any (@written) and o.xmin <> pg_current_xact_id()::xid as is_gone
            from ours o
        )
        select format('drop trigger %I on %s', t.tgname, t.tgrelid::regclass)
        from pg_trigger t
        join gone g on g.oid = t.tgfoid
        where not t.tgisinternal
            and (g.is_gone or t.tgname::text <> all (@triggers))
        union all
        select format('drop routine %s', g.oid::regprocedure)
        from gone g
        where g.is_gone
        -- Triggers before the functions that they call.
        order by 1 desc
        """;

    private readonly IReadOnlyList<FunctionFile> _known = FunctionFile.ReadAll();

    public async Task<IReadOnlyList<FunctionStatus>> StatusAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var begun = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select to_regclass('public.harmony_function') is not null", cancellationToken: cancellationToken));
        if (!begun)
            return [.. _known.Select(f => new FunctionStatus(f.Name, FunctionState.Missing))];

        var applied = (await connection.QueryAsync<(string File, string Checksum)>(new CommandDefinition(
            "select f.file, f.checksum from public.harmony_function f", cancellationToken: cancellationToken))).ToDictionary(f => f.File, f => f.Checksum);
        var unnamed = await connection.QueryAsync<string>(new CommandDefinition(Unnamed, new { named = NamesOf(_known) }, cancellationToken: cancellationToken));
        return
        [
            .. _known.Select(f => new FunctionStatus(
                f.Name,
                !applied.TryGetValue(f.Name, out var checksum) ? FunctionState.Missing : checksum == f.Checksum ? FunctionState.Applied : FunctionState.Differs)),
            .. applied.Keys.Except(_known.Select(f => f.Name)).Concat(unnamed).Select(name => new FunctionStatus(name, FunctionState.Unnamed)),
        ];
    }

    /// <summary>Returns the names of applied and dropped functions.</summary>
    public async Task<IReadOnlyList<FunctionStatus>> ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var due = (await StatusAsync(connection, cancellationToken)).Where(s => s.State != FunctionState.Applied).ToList();
        if (due.Count == 0)
            return due;

        var files = _known.Where(f => due.Any(d => d.Name == f.Name)).ToList();
        await InTimeAsync(connection, [.. files.Where(f => f.Triggers.Count == 0)], cancellationToken);
        foreach (var triggers in files.Where(f => f.Triggers.Count > 0))
            await InTimeAsync(connection, [triggers], cancellationToken);
        return due;
    }

    private async Task InTimeAsync(NpgsqlConnection connection, IReadOnlyList<FunctionFile> files, CancellationToken cancellationToken)
    {
        var reshaped = new HashSet<FunctionFile>();
        for (var waits = 0; ;)
        {
            try
            {
                if (await TryApplyAsync(connection, files, reshaped, cancellationToken))
                    return;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                if (++waits == Attempts)
                {
                    throw new MigrationException(
                        $"{string.Join(", ", files.Select(f => f.Name))} could not be applied: for a minute another transaction has held a lock on a table ({e.MessageText}).");
                }

                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>Drops the remaining functions after the tables are gone.</summary>
    public async Task DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DropLeftAsync(connection, [], [], cancellationToken);
        await ExecuteAsync(connection, "delete from public.harmony_function", null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // False: a function of one more file has a new result type, and must be dropped first.
    private async Task<bool> TryApplyAsync(NpgsqlConnection connection, IReadOnlyList<FunctionFile> files, HashSet<FunctionFile> reshaped, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"set local check_function_bodies = off; set local lock_timeout = '{LockTimeout}'", null, cancellationToken);
        foreach (var file in files)
        {
            if (reshaped.Contains(file))
                await DropBeforeAsync(connection, file, cancellationToken);
            try
            {
                await ExecuteAsync(connection, inSchema(file.Text), null, cancellationToken);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidFunctionDefinition && reshaped.Add(file))
            {
                return false;
            }
        }

        await DropLeftAsync(connection, _known, NamesOf(files), cancellationToken);
        foreach (var file in files)
        {
            await ExecuteAsync(
                connection,
                """
                insert into public.harmony_function (file, checksum, functions)
                values (@Name, @Checksum, @functions)
                on conflict (file) do update set
                    checksum = excluded.checksum,
                    functions = excluded.functions,
                    applied_at = excluded.applied_at
                """,
                new { file.Name, file.Checksum, functions = file.Functions.ToArray() },
                cancellationToken);
        }

        await ExecuteAsync(
            connection, "delete from public.harmony_function f where f.file <> all (@known)", new { known = _known.Select(f => f.Name).ToArray() }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    // The function of a trigger always has the same result, and cannot be dropped while its trigger exists.
    private static async Task DropBeforeAsync(NpgsqlConnection connection, FunctionFile file, CancellationToken cancellationToken)
    {
        var drops = await connection.QueryAsync<string>(new CommandDefinition(
            """
            select format('drop routine %s', p.oid::regprocedure)
            from pg_proc p
            join pg_namespace n on n.oid = p.pronamespace
            where n.nspname || '.' || p.proname = any (@names)
                and p.prorettype <> 'trigger'::regtype
            """,
            new { names = file.Functions.ToArray() },
            cancellationToken: cancellationToken));
        foreach (var drop in drops)
            await ExecuteAsync(connection, drop, null, cancellationToken);
    }

    private static async Task DropLeftAsync(NpgsqlConnection connection, IReadOnlyList<FunctionFile> known, string[] written, CancellationToken cancellationToken)
    {
        var drops = await connection.QueryAsync<string>(new CommandDefinition(
            Drops, new { named = NamesOf(known), triggers = known.SelectMany(f => f.Triggers).ToArray(), written }, cancellationToken: cancellationToken));
        foreach (var drop in drops.AsList())
            await ExecuteAsync(connection, drop, null, cancellationToken);
    }

    private static string[] NamesOf(IEnumerable<FunctionFile> files) => [.. files.SelectMany(f => f.Functions)];

    private static Task ExecuteAsync(NpgsqlConnection connection, string sql, object? args, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(sql, args, commandTimeout: 600, cancellationToken: cancellationToken));
}

/// <summary>The state of a function file in the database; a function without a file has its signature as its name.</summary>
public sealed record FunctionStatus(string Name, FunctionState State);

public enum FunctionState
{
    /// <summary>The database has exactly this text.</summary>
    Applied,

    /// <summary>The database has another text: of an older version, or of a newer one.</summary>
    Differs,

    /// <summary>The database has never had this file.</summary>
    Missing,

    /// <summary>A function without a file, or a file of another version: the next upgrade drops it.</summary>
    Unnamed,
}
