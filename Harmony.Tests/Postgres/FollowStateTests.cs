namespace Harmony.Tests.Postgres;

/// <summary>The trigger that keeps the ledger: harmony.follow_state has a short path for starts and successes, and a general one.</summary>
[TestClass]
public sealed class FollowStateTests
{
    private AuditHistory _history = null!;

    [TestInitialize]
    public async Task CreateAsync() => _history = await AuditHistory.CreateAsync();

    [TestCleanup]
    public async Task DropAsync() => await _history.DisposeAsync();

    [TestMethod]
    [DataRow("Processing", "Succeeded", DisplayName = "Start and success")]
    [DataRow("Processing", "Processing", DisplayName = "Second start after a lost lease")]
    [DataRow("Processing", "Processing", "Succeeded", DisplayName = "Second start and success")]
    [DataRow("Scheduled", "Processing", "Succeeded", DisplayName = "Due, start and success")]
    public async Task The_short_path_writes_what_the_general_one_does(params string[] states)
    {
        var alone = await EnqueueAsync();
        var beside = await EnqueueAsync();
        await _history.DoAsync("update harmony.job set unique_key = job_id::text, claim = job_id::text");
        foreach (var state in states)
        {
            await WriteAsync((alone, state));
            // A row of another state makes the whole statement take the general path.
            await WriteAsync((beside, state), (await EnqueueAsync(), "Deleted"));
        }

        var rows = await RowsOfAsync(alone);
        Assert.AreEqual(await RowsOfAsync(beside), rows);
        Assert.IsTrue(rows.Contains($"\"state\": \"{states[^1]}\"", StringComparison.Ordinal), rows);
    }

    [TestMethod]
    public async Task A_job_without_a_ledger_row_is_adopted_beside_plain_ones()
    {
        var known = await EnqueueAsync();
        var unknown = await EnqueueAsync();
        await WriteAsync((known, "Processing"), (unknown, "Processing"));
        await _history.DoAsync("delete from harmony.job where job_id = @unknown", new { unknown });

        await WriteAsync((known, "Succeeded"), (unknown, "Succeeded"));

        Assert.AreEqual(2L, await _history.ScalarAsync<long>("select count(*) from harmony.job where state = 'Succeeded'"));
        Assert.AreEqual(2L, await _history.ScalarAsync<long>("select count(*) from harmony.job_event where to_state = 'Succeeded'"));
    }

    private Task<long> EnqueueAsync() => _history.ScalarAsync<long>("select e.job_id from harmony.enqueue('tidy', '{}') e");

    // As the engine writes states: the rows, and the jobs that point at them, in one statement.
    private Task WriteAsync(params (long Job, string Name)[] states) => _history.DoAsync(
        """
        with rows as materialized (
            select
                s.job_id,
                s.name,
                nextval('hangfire.state_id_seq') as id
            from unnest(@jobs, @names) as s (job_id, name)
        ),
        states as (
            insert into hangfire.state (id, jobid, name, reason, createdat, data)
            select
                r.id,
                r.job_id,
                r.name,
                'because',
                harmony.now(),
                jsonb_build_object('ServerId', 'one', 'Result', '{"n": 1}', 'EnqueueAt', '1700000000000')
            from rows r
        )
        update hangfire.job h
        set
            stateid = r.id,
            statename = r.name
        from rows r
        where h.id = r.job_id
        """,
        new { jobs = states.Select(s => s.Job).ToArray(), names = states.Select(s => s.Name).ToArray() });

    // The ledger's row and its history, without ids, times and the unique key.
    private async Task<string> RowsOfAsync(long job) => (await _history.ScalarAsync<string>(
        """
        select jsonb_build_object(
            'job', to_jsonb(l) - array['job_id', 'state_id', 'unique_key', 'claim', 'created_at', 'started_at', 'finished_at', 'due_at', 'duration_ms'],
            'has', array[l.claim is null, l.started_at is null, l.finished_at is null, l.due_at is null, l.duration_ms is null],
            'events', (
                select jsonb_agg(
                    to_jsonb(e) - array['event_id', 'job_id', 'at', 'state_id', 'duration_ms']
                        || jsonb_build_object('has_duration', e.duration_ms is not null)
                    order by e.event_id)
                from harmony.job_event e
                where e.job_id = l.job_id and e.from_state is not null))::text
        from harmony.job l
        where l.job_id = @job
        """,
        new { job }))!;
}
