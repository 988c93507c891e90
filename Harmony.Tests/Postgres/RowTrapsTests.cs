using Harmony.Data;

namespace Harmony.Tests.Postgres;

/// <summary>The traps of Hangfire's storage that a writer can fall into, each with what Harmony does about it.</summary>
[TestClass]
public sealed class RowTrapsTests
{
    private AuditHistory _history = null!;

    [TestInitialize]
    public async Task CreateAsync() => _history = await AuditHistory.CreateAsync();

    [TestCleanup]
    public async Task DropAsync() => await _history.DisposeAsync();

    [TestMethod]
    public async Task Set_scores_round_the_state_time_up_to_seconds()
    {
        await _history.EnqueueAsync("tidy", runIn: "1234.567 seconds");
        Assert.IsTrue(await _history.ScalarAsync<bool>(
            """
            select s.score = ceil((t.data ->> 'EnqueueAt')::bigint / 1000.0)
            from hangfire.set s
            cross join hangfire.state t
            """));
    }

    [TestMethod]
    public async Task A_ticket_has_the_fetch_time_of_its_state()
    {
        await _history.EnqueueAsync("tidy");
        await _history.StartAsync();
        Assert.IsTrue(await _history.ScalarAsync<bool>(
            "select q.fetchedat = s.createdat from hangfire.jobqueue q join hangfire.state s on s.jobid = q.jobid and s.name = 'Processing'"));
    }

    [TestMethod]
    [DataRow("Work")]
    [DataRow("wörk")]
    [DataRow("work b")]
    [DataRow("")]
    public async Task A_lane_with_an_invalid_queue_name_is_refused(string lane)
    {
        var kinds = $$"""[{"kind": "odd", "lane": "{{lane}}", "max_retries": 1, "timeout_seconds": 60, "default_priority": 50, "operator_startable": false}]""";
        var refused = await Assert.ThrowsExactlyAsync<Npgsql.PostgresException>(() => _history.DoAsync("select harmony.sync_kinds(@kinds::jsonb, '[]')", new { kinds }));
        Assert.AreEqual("23514", refused.SqlState);
    }

    [TestMethod]
    public async Task Queue_names_sort_by_priority()
    {
        await _history.DoAsync("select harmony.enqueue('tidy', '{}', p) from unnest(array[10, 50, 90]) p");
        Assert.AreEqual(
            "90 50 10",
            await _history.ScalarAsync<string>(
                "select string_agg(l.priority::text, ' ' order by q.queue) from hangfire.jobqueue q join harmony.job l on l.job_id = q.jobid"));
    }

    [TestMethod]
    public async Task Every_requeue_uses_the_queue_of_the_job()
    {
        var high = await _history.ScalarAsync<long>("select e.job_id from harmony.enqueue('tidy', '{}', 90) e");
        foreach (var ending in (AuditEnding[])[new("returned"), new("retry") { Error = "x" }, new("snoozed") { Reason = "later" }, new("dead") { Error = "x", Code = "no_use" }])
        {
            await _history.StartAndEndAsync(ending);
            await _history.PassAsync("2 seconds");
            await _history.UpkeepAsync();
        }

        await _history.DoAsync("select harmony.requeue(array[@high])", new { high });
        Assert.AreEqual("work_a", await _history.ScalarAsync<string>("select string_agg(q.queue, ' ') from hangfire.jobqueue q"));
        Assert.AreEqual("work_a", await _history.ScalarAsync<string>("select h.invocationdata ->> 'Queue' from hangfire.job h"));
    }

    [TestMethod]
    public async Task A_due_job_starts_from_Scheduled_without_its_timer()
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(new("retry") { Error = "x" });
        await _history.PassAsync("2 seconds");
        await _history.UpkeepAsync();
        await _history.StartAsync();
        Assert.AreEqual(
            "Enqueued>Processing>Failed>Scheduled>Processing",
            await _history.ScalarAsync<string>("select string_agg(s.name, '>' order by s.id) from hangfire.state s where s.jobid = @job", new { job }));
        Assert.AreEqual(0L, await _history.ScalarAsync<long>("select count(*) from hangfire.set"));
    }

    [TestMethod]
    [DataRow("insert into hangfire.jobqueue (jobid, queue) values (999999, 'work_b')", DisplayName = "without a job")]
    [DataRow("insert into hangfire.jobqueue (jobid, queue) select h.id, 'work_b' from hangfire.job h", DisplayName = "twice")]
    [DataRow("insert into hangfire.jobqueue (jobid, queue) select e.job_id, 'work_b' from (select harmony.cancel(e.job_id), e.job_id from harmony.enqueue('tidy') e) e", DisplayName = "of an ended job")]
    public async Task Stale_tickets_are_deleted_at_the_next_fetch(string ticket)
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.DoAsync(ticket);
        var runs = await _history.StartAsync();
        Assert.AreEqual(job, runs.Single().JobId);
        Assert.AreEqual(1L, await _history.ScalarAsync<long>("select count(*) from hangfire.jobqueue"));
    }

    [TestMethod]
    public async Task An_unknown_kind_costs_no_attempt()
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(new("retry") { Error = "x" });
        await _history.PassAsync("2 seconds");
        await _history.UpkeepAsync();
        await _history.DoAsync("select harmony.fetch('old', array['sync'], array['work'], array[5], 5, 1)");
        Assert.AreEqual(
            "Scheduled 1 Snoozed: this version does not know the kind tidy",
            await _history.ScalarAsync<string>("select concat_ws(' ', state, attempts, reason) from harmony.job where job_id = @job", new { job }));
        Assert.AreEqual("schedule", await _history.ScalarAsync<string>("select string_agg(key, ' ') from hangfire.set"));
        await DashboardNumbers.AreRightAsync(_history.Database.Database);
    }

    [TestMethod]
    public async Task Harmony_locks_end_with_their_transaction()
    {
        var job = await _history.EnqueueAsync("tidy");
        var run = (await _history.StartAsync()).Single();
        Assert.AreEqual(0L, await _history.ScalarAsync<long>("select count(*) from hangfire.lock"));
        await _history.DoAsync("insert into hangfire.lock (resource, acquired) values ('hangfire:job:' || @job || ':state-lock', clock_timestamp())", new { job });
        const string finish =
            """
            select r.answer
            from harmony.finish_many('server-a', jsonb_build_array(jsonb_build_object('t', @TicketId, 'j', @JobId, 'f', @Fence, 'o', 'succeeded'))) r
            """;
        Assert.AreEqual("locked", await _history.ScalarAsync<string>(finish, run));
        Assert.AreEqual("busy", await _history.ScalarAsync<string>("select harmony.cancel(@job)", new { job }));
        await _history.DoAsync("update hangfire.lock set acquired = clock_timestamp() - interval '11 minutes'");
        Assert.AreEqual("ok", await _history.ScalarAsync<string>(finish, run));
        Assert.AreEqual(0L, await _history.ScalarAsync<long>("select count(*) from hangfire.lock"));
    }

    [TestMethod]
    public async Task A_counter_committed_during_aggregation_is_not_lost()
    {
        await _history.EnqueueAsync("tidy");
        await _history.StartAndEndAsync(new("succeeded"));
        await _history.Database.Database.InTransactionAsync(
            async work =>
            {
                await work.ExecuteAsync("insert into hangfire.counter (key, value) values ('stats:succeeded', 5)", null, CancellationToken.None);
                await _history.DoAsync("select harmony.expire(100)");
                return true;
            },
            CancellationToken.None);
        await _history.DoAsync("select harmony.expire(100)");
        Assert.AreEqual(6L, await _history.ScalarAsync<long>("select value from hangfire.aggregatedcounter where key = 'stats:succeeded'"));
        Assert.AreEqual(0L, await _history.ScalarAsync<long>("select count(*) from hangfire.counter"));
    }

    [TestMethod]
    public async Task Only_succeeded_and_deleted_jobs_expire()
    {
        AuditEnding[] endings = [new("succeeded"), new("discarded") { Reason = "x" }, new("dead") { Error = "x", Code = "no_use" }, new("snoozed") { Reason = "x", DelaySeconds = 1e7 }];
        foreach (var ending in endings)
        {
            await _history.EnqueueAsync("tidy");
            await _history.StartAndEndAsync(ending);
        }

        await _history.EnqueueAsync("tidy");
        await _history.StartAsync();
        await _history.EnqueueAsync("tidy");
        await _history.PassAsync("40 days");
        await _history.DoAsync("select harmony.expire(100)");
        Assert.AreEqual("Enqueued Failed Processing Scheduled", await _history.ScalarAsync<string>("select string_agg(statename, ' ' order by statename) from hangfire.job"));
    }

    [TestMethod]
    public async Task A_run_of_a_deleted_job_cannot_finish()
    {
        var job = await _history.EnqueueAsync("tidy");
        var run = (await _history.StartAsync()).Single();
        await _history.DoAsync("select harmony.cancel(@job)", new { job });
        Assert.AreEqual(0L, await _history.ScalarAsync<long>("select count(*) from harmony.renew(array[@TicketId], array[@Fence])", run));
        Assert.IsFalse(await _history.ScalarAsync<bool>("select harmony.hold(@JobId, @Fence)", run));
        Assert.AreEqual(
            "lost",
            await _history.ScalarAsync<string>(
                "select r.answer from harmony.finish_many('server-a', jsonb_build_array(jsonb_build_object('t', @TicketId, 'j', @JobId, 'f', @Fence, 'o', 'succeeded'))) r", run));
        Assert.AreEqual("Deleted", await _history.ScalarAsync<string>("select statename from hangfire.job"));
        await DashboardNumbers.AreRightAsync(_history.Database.Database);
    }

    [TestMethod]
    public async Task A_crashed_job_is_fetched_again_without_a_retry()
    {
        await _history.EnqueueAsync("tidy");
        await _history.StartAsync();
        await _history.PassAsync("59 seconds");
        await _history.UpkeepAsync();
        Assert.IsEmpty(await _history.StartAsync("server-b"));
        await _history.PassAsync("5 seconds");
        await _history.UpkeepAsync();
        Assert.HasCount(1, await _history.StartAsync("server-b"));
        Assert.AreEqual(0L, await _history.ScalarAsync<long>("select count(*) from hangfire.jobparameter"));
        Assert.AreEqual(0, await _history.ScalarAsync<int>("select attempts from harmony.job"));
    }

    // The trigger may not fail the change of whoever causes it, whatever they write.
    [TestMethod]
    [DataRow("Succeeded", null)]
    [DataRow("Succeeded", """{"Result": "no JSON", "SucceededAt": "yesterday"}""")]
    [DataRow("Scheduled", """{"EnqueueAt": "99999999999999999999"}""")]
    [DataRow("Scheduled", """{"EnqueueAt": 5, "ScheduledAt": null}""")]
    [DataRow("Scheduled", """{"EnqueueAt": "999999999999999"}""")]
    [DataRow("Failed", """{"ExceptionMessage": {"a": [1]}}""")]
    [DataRow("Processing", "[1, 2]")]
    [DataRow("Deleted", "\"text\"")]
    [DataRow("Enqueued", "3")]
    [DataRow("Awaiting", """{"ParentId": "1"}""")]
    [DataRow("enqueued", "null")]
    [DataRow("Something of theirs", "{}")]
    public async Task A_state_change_of_another_client_is_kept(string state, string? data)
    {
        var job = await _history.EnqueueAsync("tidy");
        await _history.DoAsync(
            """
            with s as (
                insert into hangfire.state (jobid, name, reason, createdat, data)
                values (@job, @state, repeat('r', 100000), harmony.now(), cast(@data as jsonb))
                returning id
            )
            update hangfire.job h set stateid = s.id, statename = @state from s where h.id = @job
            """,
            new { job, state, data });
        Assert.AreEqual(state, await _history.ScalarAsync<string>("select state from harmony.job where job_id = @job", new { job }));
        Assert.AreEqual(2L, await _history.ScalarAsync<long>("select count(*) from harmony.job_event where job_id = @job", new { job }));
    }

    [TestMethod]
    [DataRow("{}", "[]")]
    [DataRow("""{"Type": "Harmony.Orchestrator.JobEntry, Harmony.Orchestrator", "Method": "Run"}""", "[]")]
    [DataRow("""{"Type": "Harmony.Orchestrator.JobEntry, Harmony.Orchestrator", "Method": "Run"}""", """["no json", 5]""")]
    [DataRow("""{"Type": "Harmony.Orchestrator.JobEntry, Harmony.Orchestrator", "Method": "Run"}""", """["\"tidy\"", "\"[1]\"", null]""")]
    [DataRow("[]", "{}")]
    [DataRow("3", "null")]
    public async Task A_job_of_another_client_gets_a_ledger_row(string invocation, string arguments)
    {
        await _history.DoAsync(
            """
            with h as (
                insert into hangfire.job (invocationdata, arguments, createdat)
                values (cast(@invocation as jsonb), cast(@arguments as jsonb), harmony.now())
                returning id
            )
            insert into hangfire.state (jobid, name, createdat, data) select h.id, 'Enqueued', harmony.now(), '{}' from h
            """,
            new { invocation, arguments });
        Assert.AreEqual(1L, await _history.ScalarAsync<long>("select count(*) from harmony.job"));
    }
}
