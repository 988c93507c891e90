using Harmony.Data;
using Harmony.Data.Migrations;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class HangfireStorageTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task The_schema_is_version_23_plus_Harmony_objects()
    {
        await using var database = await TestDatabase.CreateAsync();

        var lines = await database.Database.InTransactionAsync(
            async work =>
            {
                // A user called harmony has our schema in the path, and its names come unqualified.
                await work.ExecuteAsync("set local search_path = pg_catalog", null, Ct);
                return await work.QueryAsync<string>(HangfireCatalogue.Sql, null, Ct);
            },
            Ct);

        var theirs = HangfireCatalogue.WithoutOurs(lines);
        var expected = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Fixtures", "hangfire-schema-23.txt"), Ct);
        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', theirs));
        string[] ours =
        [
            "index CREATE INDEX harmony_jobqueue_fetched ON hangfire.jobqueue USING btree (fetchedat) WHERE (fetchedat IS NOT NULL)",
            "index CREATE INDEX harmony_jobqueue_waiting ON hangfire.jobqueue USING btree (queue, id) WHERE (fetchedat IS NULL)",
            "trigger CREATE TRIGGER harmony_follow_state AFTER INSERT ON hangfire.state REFERENCING NEW TABLE AS new_states FOR EACH STATEMENT EXECUTE FUNCTION harmony.follow_state()",
            "trigger CREATE TRIGGER harmony_keep_schedule BEFORE INSERT OR UPDATE ON hangfire.set FOR EACH ROW WHEN (((new.key = 'recurring-jobs'::text) AND (new.score >= (0)::double precision))) EXECUTE FUNCTION harmony.keep_schedule_ours()",
            "trigger CREATE TRIGGER harmony_queue_of_its_lane BEFORE INSERT ON hangfire.jobqueue FOR EACH ROW WHEN ((new.queue = 'default'::text)) EXECUTE FUNCTION harmony.queue_of_its_lane()",
        ];
        Assert.AreEqual(string.Join('\n', ours), string.Join('\n', lines.Except(theirs)));
    }

    [TestMethod]
    public async Task No_Harmony_object_is_in_the_Hangfire_schema()
    {
        await using var database = await TestDatabase.CreateAsync();

        var others = await database.Database.QueryAsync<string>(
            """
            select p.proname::text from pg_proc p where p.pronamespace = 'hangfire'::regnamespace
            union all
            select t.typname::text from pg_type t where t.typnamespace = 'hangfire'::regnamespace and t.typtype <> 'c' and t.typelem = 0
            union all
            select c.relname::text from pg_class c where c.relnamespace = 'hangfire'::regnamespace and c.relkind not in ('r', 'i', 'S')
            """,
            null,
            Ct);

        Assert.IsEmpty(others);
    }

    [TestMethod]
    public async Task Another_schema_name_leaves_the_default_name_free()
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
