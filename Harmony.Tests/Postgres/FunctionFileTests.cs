using Harmony.Data;
using Harmony.Data.Migrations;

namespace Harmony.Tests.Postgres;

/// <summary>The functions of a database become those of the files: what differs is applied, what no file names goes.</summary>
[TestClass]
public sealed class FunctionFileTests
{
    private const string Enqueue = "select harmony.enqueue('n')";

    private TestDatabase _place = null!;
    private Migrator _migrator = null!;

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task CreateAsync()
    {
        _place = await TestDatabase.CreateAsync();
        _migrator = new Migrator(_place.Source, "hangfire");
    }

    [TestCleanup]
    public async Task DropAsync() => await _place.DisposeAsync();

    [TestMethod]
    public async Task Only_a_changed_file_is_applied_again()
    {
        var before = await TextOfAsync("harmony.actor()");
        var others = await AppliedAtAsync("core/actor.sql");
        await OtherVersionAsync("core/actor.sql", "create or replace function harmony.actor() returns text language sql stable as 'select ''somebody'''");
        var status = await _migrator.StatusAsync(Ct);
        Assert.IsFalse(status.IsCurrent);
        Assert.IsTrue(status.IsUsable, "a neighbouring version works here");
        Assert.AreEqual(new FunctionStatus("core/actor.sql", FunctionState.Differs), status.Functions.Single(f => f.State != FunctionState.Applied));

        var changes = await _migrator.UpAsync(Ct);

        Assert.AreEqual("core/actor.sql", changes.Functions.Single().Name);
        Assert.AreEqual(before, await TextOfAsync("harmony.actor()"));
        Assert.AreEqual(others, await AppliedAtAsync("core/actor.sql"));
        Assert.IsEmpty((await _migrator.UpAsync(Ct)).Functions);
    }

    [TestMethod]
    public async Task A_function_with_another_signature_is_replaced()
    {
        var before = await TextOfAsync("harmony.place_in_line(bigint)");
        await OtherVersionAsync(
            "read/place_in_line.sql",
            """
            drop function harmony.place_in_line(bigint);
            create function harmony.place_in_line(p_job bigint) returns bigint language sql as 'select p_job';
            create function harmony.place_in_line(p_job bigint, p_lane text) returns bigint language sql as 'select p_job';
            """);

        await _migrator.UpAsync(Ct);

        Assert.AreEqual(before, await TextOfAsync("harmony.place_in_line(bigint)"));
        Assert.AreEqual(1L, await _place.Database.QueryFirstAsync<long>("select count(*) from pg_proc where proname = 'place_in_line'", null, Ct));
    }

    [TestMethod]
    public async Task Objects_of_another_version_go_and_foreign_objects_stay()
    {
        await _place.Database.ExecuteAsync(
            """
            create function public.of_the_operator() returns integer language sql as 'select 1';
            create function public.of_another_version() returns trigger language plpgsql as 'begin return null; end';
            create trigger of_another_version after update on harmony.job for each row execute function public.of_another_version();
            insert into public.harmony_function (file, checksum, functions) values ('library/other.sql', 'x', array['public.of_another_version']);
            """,
            null,
            Ct);
        await OtherVersionAsync(
            "ledger/follow_state.sql",
            """
            create trigger harmony_follow_state_before after insert on hangfire.state
                referencing new table as new_states
                for each statement execute function harmony.follow_state();
            """);
        CollectionAssert.AreEqual(
            new[] { "library/other.sql", "public.of_another_version()" },
            (await _migrator.StatusAsync(Ct)).Functions.Where(f => f.State == FunctionState.Unnamed).Select(f => f.Name).ToArray());

        await _migrator.UpAsync(Ct);

        await using var fresh = await TestDatabase.CreateAsync();
        await _place.Database.ExecuteAsync("drop function public.of_the_operator()", null, Ct);
        Assert.AreEqual(await fresh.DumpSchemaAsync(), await _place.DumpSchemaAsync());
        Assert.IsTrue((await _migrator.StatusAsync(Ct)).IsCurrent);
    }

    [TestMethod]
    public async Task Function_updates_wait_for_no_transaction()
    {
        await KindAsync();
        await OtherVersionAsync("ledger/follow_state.sql", "select 1");
        await _place.Database.InTransactionAsync(
            async work =>
            {
                await work.ExecuteAsync(Enqueue, null, Ct);

                var changes = await _migrator.UpAsync(Ct);

                Assert.AreEqual("ledger/follow_state.sql", changes.Functions.Single().Name);
            },
            Ct);
    }

    // To replace a trigger waits for everybody who writes to its table, and everybody else would wait behind that.
    [TestMethod]
    public async Task A_long_transaction_delays_only_trigger_updates()
    {
        await KindAsync();
        await OtherVersionAsync("ledger/triggers_on_state.sql", "select 1");
        Task<SchemaChanges> upgrade = null!;
        await _place.Database.InTransactionAsync(
            async work =>
            {
                await work.ExecuteAsync(Enqueue, null, Ct);
                upgrade = _migrator.UpAsync(Ct);
                await Until.SeenAsync(
                    () => _place.Database.QueryFirstAsync<long>(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()", null, Ct),
                    n => n == 1);
                await _place.Database.ExecuteAsync(Enqueue, null, Ct);
                Assert.IsFalse(upgrade.IsCompleted);
            },
            Ct);

        Assert.AreEqual("ledger/triggers_on_state.sql", (await upgrade).Functions.Single().Name);
    }

    [TestMethod]
    public async Task Another_Hangfire_schema_name_is_refused()
    {
        await OtherVersionAsync("core/actor.sql", "select 1");

        var refusal = await Assert.ThrowsExactlyAsync<MigrationException>(() => new Migrator(_place.Source, "jobs_of_ours").UpAsync(Ct));

        Assert.Contains("HARMONY_HANGFIRE_SCHEMA", refusal.Message, StringComparison.Ordinal);
    }

    private Task KindAsync() => _place.Database.ExecuteAsync(
        """
        select harmony.sync_kinds(
            '[{"kind": "n", "lane": "work", "max_retries": 5, "timeout_seconds": 60, "default_priority": 50, "operator_startable": true}]', '[]')
        """,
        null,
        Ct);

    // What a process of another version that started meanwhile would leave: its text, and its checksum.
    private Task OtherVersionAsync(string file, string sql) => _place.Database.ExecuteAsync(
        $"{sql}; update public.harmony_function set checksum = 'of another version' where file = '{file}'", null, Ct);

    private Task<string?> TextOfAsync(string function) =>
        _place.Database.QueryFirstAsync<string>($"select pg_get_functiondef('{function}'::regprocedure)", null, Ct);

    private Task<string?> AppliedAtAsync(string but) => _place.Database.QueryFirstAsync<string>(
        "select string_agg(f.file || f.applied_at, ',' order by f.file) from public.harmony_function f where f.file <> @but", new { but }, Ct);
}
