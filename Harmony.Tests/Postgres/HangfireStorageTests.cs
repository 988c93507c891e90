using Harmony.Data.Migrations;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class HangfireStorageTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task The_migrations_make_storage_version_23_with_the_keys_the_library_relies_on()
    {
        await using var database = await TestDatabase.CreateAsync();

        var lines = HangfireCatalogue.WithoutOurs(await database.Database.QueryAsync<string>(HangfireCatalogue.Sql, null, Ct));

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
    public async Task Under_another_name_the_schema_comes_goes_and_leaves_the_usual_name_free()
    {
        const string schemas = "select nspname::text from pg_namespace where nspname in ('hangfire', 'jobs_of_ours')";
        await using var database = await TestDatabase.CreateEmptyAsync();
        var migrator = new Migrator(database.Source, "jobs_of_ours");

        await migrator.UpAsync(Ct);
        var there = await database.Database.QueryAsync<string>(schemas, null, Ct);
        await migrator.DownAsync(0, Ct);
        var left = await database.Database.QueryAsync<string>(schemas, null, Ct);

        CollectionAssert.AreEqual(new[] { "jobs_of_ours" }, there.ToArray());
        Assert.IsEmpty(left);
    }
}
