namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class HangfireStorageTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task The_migration_makes_storage_version_23_with_the_keys_the_library_relies_on()
    {
        await using var database = await HangfireDatabase.MigratedAsync(Ct);

        var lines = await database.LinesAsync(HangfireCatalogue.Sql, Ct);

        string[] reliedOn =
        [
            "constraint aggregatedcounter.aggregatedcounter_key_key UNIQUE (key)",
            "constraint hash.hash_key_field_key UNIQUE (key, field)",
            "constraint lock.lock_resource_key UNIQUE (resource)",
            "constraint set.set_key_value_key UNIQUE (key, value)",
            "constraint state.state_jobid_fkey FOREIGN KEY (jobid) REFERENCES hangfire.job(id) ON UPDATE CASCADE ON DELETE CASCADE",
            "replica identity lock i lock_resource_key",
            "version 23",
        ];
        CollectionAssert.IsSubsetOf(reliedOn, lines.ToArray());
        Assert.HasCount(58, lines.Where(line => line.StartsWith("column ", StringComparison.Ordinal)));
        Assert.HasCount(9, lines.Where(line => line.StartsWith("sequence ", StringComparison.Ordinal)));
        Assert.HasCount(29, lines.Where(line => line.StartsWith("index ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task The_rollback_takes_everything_back_and_the_migration_runs_again()
    {
        await using var database = await HangfireDatabase.MigratedAsync(Ct);

        await database.RunFileAsync("sql/rollback/0001_hangfire_storage.sql", Ct);
        var left = await database.LinesAsync("select nspname::text from pg_namespace where nspname = 'hangfire'", Ct);
        await database.RunFileAsync("sql/migrations/0001_hangfire_storage.sql", Ct);

        Assert.IsEmpty(left);
        CollectionAssert.AreEqual(new[] { "23" }, (await database.LinesAsync("select version::text from hangfire.schema", Ct)).ToArray());
    }
}
