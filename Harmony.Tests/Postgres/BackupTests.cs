using System.Diagnostics;
using System.Formats.Tar;
using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>scripts/backup and scripts/restore on a system with jobs in every state.</summary>
[TestClass]
public sealed class BackupTests
{
    private const string Secret = "hunter2-of-the-backup";
    private static readonly Lane[] Lanes = [new("work", 4)];
    private static readonly Type[] Jobs = [typeof(EchoJob), typeof(FailJob)];

    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-backup-test-").FullName;

    private string Archive => Path.Combine(_folder, "a backup.tar");

    [TestCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task A_restored_system_has_equal_counts_and_continues()
    {
        await using var source = await TestDatabase.CreateAsync();
        await FillAsync(source);
        Place("old", withSettings: true);
        var before = await NumbersAsync(source);
        var address = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        var url = $"postgresql://{address.Username}:{Uri.EscapeDataString(address.Password ?? "")}@{address.Host}:{address.Port}/{address.Database}";

        var made = await RunAsync("backup", "old", url, Archive);
        Assert.AreEqual(0, made.Code, made.Output);
        if (!OperatingSystem.IsWindows())
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Archive));
        Assert.AreEqual(64, (await RunAsync("backup", "old", url, Archive)).Code, "a backup replaces no file");

        await using var target = await TestDatabase.CreateEmptyAsync();
        Place("new", withSettings: false);
        var restored = await RunAsync("restore", "new", target.ConnectionString, Archive);
        Assert.AreEqual(0, restored.Code, restored.Output);
        Assert.DoesNotContain(Secret, made.Output + restored.Output, StringComparison.Ordinal);
        Assert.AreEqual(before, await NumbersAsync(target));
        Assert.AreEqual("<key/>", await File.ReadAllTextAsync(Path.Combine(_folder, "new", "keys", "key-1.xml")));
        Assert.Contains(Secret, await File.ReadAllTextAsync(Path.Combine(_folder, "new", "env")), StringComparison.Ordinal);

        await using var fleet = await TestFleet.StartAsync(target, Lanes, Jobs);
        var last = await ScalarAsync<long>(target, "select max(job_id) from harmony.job");
        var next = await fleet.Services.GetRequiredService<JobQueue>().EnqueueAsync(new EchoArgs("next"), null, CancellationToken.None);
        Assert.IsGreaterThan(last, next.JobId);
        // What waited, what ran when the backup was made, and the new one; what waits for its hour still does.
        await Until.SeenAsync(() => StatesAsync(target), s => s == "Deleted 1, Failed 1, Scheduled 1, Succeeded 4");
        Assert.AreEqual(OperatorOutcome.Requeued, (await fleet.Services.GetRequiredService<JobOperations>().RequeueAsync(
            "ann", [await ScalarAsync<long>(target, "select job_id from harmony.job where state = 'Failed'")], CancellationToken.None)).Single().Outcome);
    }

    [TestMethod]
    public async Task A_restore_refuses_unsafe_targets_and_unknown_files()
    {
        await using var source = await TestDatabase.CreateAsync();
        await FillAsync(source);
        Place("old", withSettings: true);
        Assert.AreEqual(0, (await RunAsync("backup", "old", source.ConnectionString, Archive)).Code);
        var before = await NumbersAsync(source);

        var full = await RunAsync("restore", "old", source.ConnectionString, Archive);
        Assert.AreEqual(1, full.Code);
        Assert.Contains("--force", full.Output, StringComparison.Ordinal);

        await source.Database.ExecuteAsync("insert into hangfire.server (id, data, lastheartbeat) values ('s', '{}', now())", null, CancellationToken.None);
        var alive = await RunAsync("restore", "old", source.ConnectionString, "--force", Archive);
        Assert.AreEqual(1, alive.Code);
        Assert.Contains("1 job servers", alive.Output, StringComparison.Ordinal);
        await source.Database.ExecuteAsync("delete from hangfire.server", null, CancellationToken.None);

        var strange = Path.Combine(_folder, "strange.tar");
        await RewriteAsync(strange, "format=1", "format=2");
        Assert.AreEqual(70, (await RunAsync("restore", "old", source.ConnectionString, "--force", strange)).Code);
        await RewriteAsync(strange, "schema=", "schema=9");
        var newer = await RunAsync("restore", "old", source.ConnectionString, "--force", strange);
        Assert.AreEqual(70, newer.Code);
        Assert.Contains("Update Harmony first", newer.Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(strange, "no archive");
        Assert.AreEqual(70, (await RunAsync("restore", "old", source.ConnectionString, "--force", strange)).Code);

        await using var foreign = await TestDatabase.CreateEmptyAsync();
        await foreign.Database.ExecuteAsync("create table public.somebody (n integer)", null, CancellationToken.None);
        Assert.AreEqual(1, (await RunAsync("restore", "old", foreign.ConnectionString, "--force", Archive)).Code);
        Assert.AreEqual(0L, await ScalarAsync<long>(foreign, "select count(*) from public.somebody"));

        // Nothing of all that has changed anything; force on a Harmony of one's own does what it says.
        Assert.AreEqual(before, await NumbersAsync(source));
        await source.Database.ExecuteAsync("select harmony.enqueue('echo', '{\"say\":\"too late\"}')", null, CancellationToken.None);
        var forced = await RunAsync("restore", "old", source.ConnectionString, "--force", Archive);
        Assert.AreEqual(0, forced.Code, forced.Output);
        NpgsqlConnection.ClearAllPools();
        Assert.AreEqual(before, await NumbersAsync(source));
    }

    private static async Task FillAsync(TestDatabase database)
    {
        await using (var fleet = await TestFleet.StartAsync(database, Lanes, Jobs))
        {
            var queue = fleet.Services.GetRequiredService<JobQueue>();
            await queue.EnqueueAsync(new EchoArgs("done"), null, CancellationToken.None);
            await queue.EnqueueAsync(new FailArgs("broken", "broken"), null, CancellationToken.None);
            await queue.EnqueueAsync(new EchoArgs("later"), new EnqueueOptions { RunAt = TimeProvider.System.GetUtcNow().AddHours(1) }, CancellationToken.None);
            var cancelled = await queue.EnqueueAsync(new EchoArgs("never"), new EnqueueOptions { RunAt = TimeProvider.System.GetUtcNow().AddHours(1) }, CancellationToken.None);
            await fleet.Services.GetRequiredService<JobOperations>().CancelAsync("ann", cancelled.JobId, CancellationToken.None);
            await Until.SeenAsync(() => StatesAsync(database), s => s == "Deleted 1, Failed 1, Scheduled 1, Succeeded 1");
        }

        await database.Database.ExecuteAsync(
            """
            select harmony.enqueue('echo', '{"say":"running"}');
            select fence from harmony.fetch('killed', array['echo'], array['work'], array[1], 1, 1);
            select harmony.enqueue('echo', '{"say":"waiting ö"}')
            """,
            null,
            CancellationToken.None);
        Assert.AreEqual("Deleted 1, Enqueued 1, Failed 1, Processing 1, Scheduled 1, Succeeded 1", await StatesAsync(database));
    }

    private void Place(string name, bool withSettings)
    {
        Directory.CreateDirectory(Path.Combine(_folder, name));
        if (!withSettings)
            return;
        Directory.CreateDirectory(Path.Combine(_folder, name, "keys"));
        File.WriteAllText(Path.Combine(_folder, name, "keys", "key-1.xml"), "<key/>");
        File.WriteAllText(Path.Combine(_folder, name, "env"), $"SPOTIFY_CLIENT_SECRET={Secret}\n");
    }

    // The same archive with another word in its manifest.
    private async Task RewriteAsync(string to, string was, string becomes)
    {
        await using var from = new TarReader(File.OpenRead(Archive));
        await using var writer = new TarWriter(File.Create(to));
        while (await from.GetNextEntryAsync(copyData: true) is { } entry)
        {
            if (entry.Name == "manifest")
            {
                using var reader = new StreamReader(entry.DataStream!);
                entry.DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes((await reader.ReadToEndAsync()).Replace(was, becomes, StringComparison.Ordinal)));
            }

            await writer.WriteEntryAsync(entry);
        }
    }

    private async Task<(int Code, string Output)> RunAsync(string script, string place, string database, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Clone.Root, "scripts", script), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DATABASE_URL"] = database,
                ["HARMONY_KEYS_DIR"] = Path.Combine(_folder, place, "keys"),
                ["HARMONY_ENV_FILE"] = Path.Combine(_folder, place, "env"),
            },
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    // Rows of every table of ours, and the whole ledger as a sum; who serves and who locks does not survive.
    private static Task<string?> NumbersAsync(TestDatabase database) => ScalarAsync<string>(
        database,
        """
        select string_agg(line, E'\n' order by line)
        from (
            select c.oid::regclass || ' ' || (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s', c.oid::regclass), false, true, '')))[1] as line
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('harmony', 'hangfire', 'public')
                and c.relkind = 'r'
                and c.oid::regclass::text not in ('hangfire.server', 'hangfire.lock')
            union all
            select md5(string_agg(j::text, '|' order by j.job_id)) from harmony.job j
            union all
            select md5(string_agg(e::text, '|' order by e.event_id)) from harmony.job_event e
        ) lines
        """);

    private static async Task<string> StatesAsync(TestDatabase database) => (await ScalarAsync<string>(
        database,
        "select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from harmony.job group by 1) s")) ?? "";

    private static Task<T?> ScalarAsync<T>(TestDatabase database, string sql) => database.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None);
}
