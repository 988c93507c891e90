using Harmony.Data.Migrations;

namespace Harmony.Tests.Postgres;

/// <summary>A database of the 39 migrations before the baseline becomes one of today, and is then like a fresh one.</summary>
[TestClass]
public sealed class AdoptionTests
{
    private const string Functions =
        """
        select p.oid::regprocedure::text || chr(10) || pg_get_functiondef(p.oid)
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('harmony', 'public', 'hangfire')
        order by 1
        """;

    private TestDatabase _old = null!;

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task CreateAsync() => _old = await TestDatabase.CreateBeforeBaselineAsync();

    [TestCleanup]
    public async Task DropAsync() => await _old.DisposeAsync();

    [TestMethod]
    public async Task An_adopted_database_equals_a_fresh_one()
    {
        await using var fresh = await TestDatabase.CreateAsync();
        var migrator = new Migrator(_old.Source, "hangfire");
        Assert.IsFalse((await migrator.StatusAsync(Ct)).IsUsable);

        var changes = await migrator.UpAsync(Ct);

        CollectionAssert.DoesNotContain(changes.Migrations.Select(m => m.Version).ToArray(), 100, "the tables of the baseline are there");
        Assert.IsTrue((await migrator.StatusAsync(Ct)).IsCurrent);
        Assert.AreEqual(await FunctionsAsync(fresh), await FunctionsAsync(_old));
        Assert.AreEqual(await fresh.DumpSchemaAsync(), await _old.DumpSchemaAsync());
    }

    [TestMethod]
    public async Task Functions_that_no_file_names_are_dropped()
    {
        var changes = await new Migrator(_old.Source, "hangfire").UpAsync(Ct);

        CollectionAssert.AreEqual(
            new[] { "harmony.busy_lanes", "harmony.finish_done" },
            changes.Functions.Where(f => f.State == FunctionState.Unnamed).Select(f => f.Name.Split('(')[0]).ToArray());
        Assert.IsTrue(await _old.Database.QueryFirstAsync<bool>("select to_regprocedure('harmony.busy_lanes()') is null", null, Ct));
    }

    // A process of the version before asks for its migrations by number and name, and calls itself unready when one is missing.
    [TestMethod]
    public async Task The_migration_rows_of_the_previous_version_stay()
    {
        await new Migrator(_old.Source, "hangfire").UpAsync(Ct);

        Assert.AreEqual(39L, await _old.Database.QueryFirstAsync<long>("select count(*) from public.harmony_migration where version < 100", null, Ct));
    }

    [TestMethod]
    public async Task An_adopted_database_can_be_reverted_and_migrated_again()
    {
        var migrator = new Migrator(_old.Source, "hangfire");
        await migrator.UpAsync(Ct);

        await migrator.DownAsync(0, Ct);
        var changes = await migrator.UpAsync(Ct);

        Assert.AreEqual("baseline", changes.Migrations[0].Name);
        Assert.IsTrue((await migrator.StatusAsync(Ct)).IsCurrent);
    }

    [TestMethod]
    [DataRow("delete from public.harmony_migration where version > 49", "0049_lists_of_artists, and this version takes over from 0056")]
    [DataRow("insert into public.harmony_migration (version, name, checksum) values (57, 'other', 'x')", "0057_other, which this version does not know")]
    [DataRow("update public.harmony_migration set checksum = 'x' where version = 40", "were edited, or one is missing")]
    [DataRow("delete from public.harmony_migration where version = 40", "were edited, or one is missing")]
    public async Task Any_other_old_database_is_refused_unchanged(string change, string reason)
    {
        await _old.Database.ExecuteAsync(change, null, Ct);
        var before = await FunctionsAsync(_old);

        var refusal = await Assert.ThrowsExactlyAsync<MigrationException>(() => new Migrator(_old.Source, "hangfire").UpAsync(Ct));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.AreEqual(before, await FunctionsAsync(_old));
        Assert.IsFalse(await _old.Database.QueryFirstAsync<bool>("select exists (select from public.harmony_migration where version = 100)", null, Ct));
    }

    private async Task<string> FunctionsAsync(TestDatabase database) =>
        string.Join('\n', await database.Database.QueryAsync<string>(Functions, null, Ct));
}
