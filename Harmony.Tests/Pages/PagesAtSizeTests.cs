using Harmony.Bench.Pages;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Pages;

/// <summary>With many jobs a page reads what it shows, and a bounded window around it, never a whole table.</summary>
[TestClass]
public sealed class PagesAtSizeTests
{
    private const string Big = "'harmony.job', 'harmony.operator_action', 'hangfire.job', 'hangfire.jobqueue', 'hangfire.state'";

    public required TestContext TestContext { get; set; }

    [TestMethod]
    [Timeout(240_000, CooperativeCancellation = true)]
    public async Task No_page_scans_a_table()
    {
        await using var db = await TestDatabase.CreateAsync();
        await HandWorker.SyncAsync(
            db.Database, [HandWorker.Kind("noop", "operator"), HandWorker.Kind("download", "download"), HandWorker.Kind("artist_sync", "artists")]);
        // Nobody but the pages is to read these tables meanwhile; the seed leaves them vacuumed.
        await db.Database.ExecuteAsync(
            $"""
            do $$
            declare
                v_table regclass;
            begin
                for v_table in
                    select c.oid::regclass
                    from pg_class c
                    where c.relkind = 'r'
                        and (c.oid = any (array[{Big}]::regclass[]) or c.relname like 'job_event%')
                loop
                    execute format('alter table %s set (autovacuum_enabled = off)', v_table);
                end loop;
            end
            $$
            """,
            null,
            TestContext.CancellationToken);
        await new PagesSeed(100_000, 12_000, 16_000, PagesBench.Kinds).SowAsync(db.Database, TestContext.CancellationToken);
        var dead = await db.Database.QueryFirstAsync<long>("select max(job_id) from harmony.job where state = 'Failed'", null, TestContext.CancellationToken);
        var pages = await db.Database.QueryFirstAsync<long>("select pg_relation_size('harmony.job') / 8192", null, TestContext.CancellationToken);
        // A session tells what it read up to ten seconds late, or when it ends.
        db.Source.Clear();
        await Until.SeenAsync(() => OthersAsync(db), there => there.Count == 0);
        List<string> complaints = [];
        foreach (var address in PagesBench.Addresses)
        {
            var (before, here) = (await ReadSoFarAsync(db), await OthersAsync(db));
            // A host of its own for each page: its sessions tell what they read when they end, which is a moment after they were told to.
            await using (var host = await PagesHost.StartAsync(db))
            {
                using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(host.Address) };
                using var answer = await client.GetAsync(address.Replace("{dead}", $"{dead}", StringComparison.Ordinal), TestContext.CancellationToken);
                Assert.AreEqual(200, (int)answer.StatusCode, address);
            }

            await Until.SeenAsync(() => OthersAsync(db), there => !there.Except(here).Any());
            var after = await Until.SeenAsync(() => ReadSoFarAsync(db), seen => seen.Blocks > before.Blocks || seen.Scans > before.Scans);
            TestContext.WriteLine($"{address}: {after.Scans - before.Scans} scans, {after.Blocks - before.Blocks} blocks of {pages}");
            if (after.Scans > before.Scans)
                complaints.Add($"{address} scans a table");
            // A window of 10,000 jobs may lie on as many blocks as there are; what shows fifty jobs or counts through an index may not.
            if (!address.Contains("text=", StringComparison.Ordinal) && !address.Contains("age=", StringComparison.Ordinal) && after.Blocks - before.Blocks > pages / 2)
                complaints.Add($"{address} reads {after.Blocks - before.Blocks} blocks, the table of jobs has {pages}");
        }

        Assert.IsEmpty(complaints, string.Join('\n', complaints));
    }

    private async Task<Seen> ReadSoFarAsync(TestDatabase db) =>
        (await db.Database.QueryFirstAsync<Seen>(
            $"""
            select
                coalesce(sum(t.seq_scan) filter (where pg_relation_size(t.relid) > 50 * 8192), 0)::bigint as scans,
                sum(coalesce(o.heap_blks_read, 0) + coalesce(o.heap_blks_hit, 0))::bigint as blocks
            from pg_stat_user_tables t
            join pg_statio_user_tables o on o.relid = t.relid
            where t.relid = any (array[{Big}]::regclass[])
                or t.relname like 'job_event%'
            """,
            null,
            TestContext.CancellationToken))!;

    private Task<IReadOnlyList<int>> OthersAsync(TestDatabase db) => db.Database.QueryAsync<int>(
        "select a.pid from pg_stat_activity a where a.datname = current_database() and a.pid <> pg_backend_pid()", null, TestContext.CancellationToken);

    private sealed record Seen
    {
        public required long Scans { get; init; }

        public required long Blocks { get; init; }
    }
}
