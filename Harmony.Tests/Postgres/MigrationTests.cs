using Harmony.Data.Migrations;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class MigrationTests
{
    // Everything a migration of ours can leave behind, as text; the months of the history stay, they hold what happened.
    private const string Schema =
        """
        with lines (line) as materialized (
        select concat_ws(' ', 'function', p.oid::regprocedure, md5(pg_get_functiondef(p.oid)))
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('harmony', 'public')
        union all
        select concat_ws(' ', 'column', c.table_schema || '.' || c.table_name, c.column_name, c.data_type, c.column_default, c.is_nullable)
        from information_schema.columns c
        where c.table_schema in ('harmony', 'public', 'hangfire')
        union all
        select concat_ws(' ', 'index', i.indexdef)
        from pg_indexes i
        where i.schemaname in ('harmony', 'public', 'hangfire')
        union all
        select concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid))
        from pg_trigger t
        where not t.tgisinternal
        union all
        select concat_ws(' ', 'constraint', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
        from pg_constraint c
        join pg_namespace n on n.oid = c.connamespace
        where n.nspname in ('harmony', 'public', 'hangfire')
        )
        select line
        from lines
        where line !~ 'job_event_[0-9]{4}|harmony_migration|harmony_function'
        order by line
        """;

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Every_rollback_restores_the_tables_before_it()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var migrator = new Migrator(database.Source, "hangfire");
        var versions = (await migrator.StatusAsync(Ct)).Migrations.Select(s => s.Migration.Version).ToList();
        var before = new Dictionary<int, IReadOnlyList<string>>();
        foreach (var version in versions)
        {
            before[version] = await SchemaOfAsync(database);
            await migrator.UpAsync(version, Ct);
        }

        foreach (var version in versions.AsEnumerable().Reverse())
        {
            await migrator.DownAsync(version - 1, Ct);
            CollectionAssert.AreEqual(Tables(before[version]), Tables(await SchemaOfAsync(database)), $"after the rollback of {version:0000}");
        }

        Assert.IsEmpty(await SchemaOfAsync(database), "nothing is left");

        Assert.IsEmpty(before[versions[0]], "nothing was there");
        Assert.AreEqual(0L, await database.Database.QueryFirstAsync<long>(
            "select (select count(*) from public.harmony_migration) + (select count(*) from public.harmony_function)", null, Ct));
        await migrator.UpAsync(Ct);
        Assert.IsTrue((await migrator.StatusAsync(Ct)).IsCurrent);
    }

    [TestMethod]
    public async Task A_newer_database_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Database.ExecuteAsync("insert into public.harmony_migration (version, name, checksum) values (9999, 'later', 'x')", null, Ct);

        var refusal = await Assert.ThrowsExactlyAsync<MigrationException>(() => new Migrator(database.Source, "hangfire").UpAsync(Ct));

        Assert.AreEqual("The database has migration 9999_later, which this version does not know: run a newer Harmony.", refusal.Message);
    }

    // A rollback leaves functions to the version that it returns to.
    private static string[] Tables(IReadOnlyList<string> schema) =>
        [.. schema.Where(l => !l.StartsWith("function ", StringComparison.Ordinal) && !l.StartsWith("trigger ", StringComparison.Ordinal))];

    private Task<IReadOnlyList<string>> SchemaOfAsync(TestDatabase database) => database.Database.QueryAsync<string>(Schema, null, Ct);
}
