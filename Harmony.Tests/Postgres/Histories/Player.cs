using Harmony.Data;

namespace Harmony.Tests.Postgres.Histories;

/// <summary>Plays one history through the functions that servers and operators call, and looks after every step whether all is as it must be.</summary>
internal sealed class Player(Database db)
{
    private static readonly (string Scope, string Name)[] Pausable =
        [("kind", "plain"), ("lane", "work"), ("provider", "store"), ("kind", "sole"), ("lane", "web")];

    private readonly Fleet _fleet = new(db);
    private readonly List<long> _jobs = [];

    public static async Task PlayAsync(Stage stage, History history)
    {
        await stage.ClearAsync();
        var player = new Player(stage.Db);
        await player._fleet.JoinAsync();
        for (var i = 0; i < history.Steps.Count; i++)
        {
            try
            {
                await player.DoAsync(history.Steps[i]);
                // A look costs as much as several steps: every other one, and the last.
                if ((i + history.Steps.Count) % 2 == 1)
                    await player.LookAsync();
            }
            catch (Exception e)
            {
                throw new BrokenRuleException($"step {i + 1} of {history.Steps.Count}, {history.Steps[i]}: {e.Message}");
            }
        }

        await player.DrainAsync();
    }

    // Everybody who is left lets go, nothing is in the way any more, and time passes: every job must find its end.
    public async Task DrainAsync()
    {
        await db.ExecuteAsync("delete from hangfire.lock where updatecount = 77; select harmony.gate_reset('store')", null, CancellationToken.None);
        foreach (var what in Pausable)
            await ResumeAsync(what);
        _fleet.LetGo();
        for (var round = 0; round < 30; round++)
        {
            await GoOnAsync(4000);
            await db.ExecuteAsync("select harmony.release_due(1000), harmony.rescue(1000)", null, CancellationToken.None);
            await _fleet.WorkAsync();
            await LookAsync();
            if (!await db.QueryFirstAsync<bool>(
                """
                select exists (select from hangfire.jobqueue)
                    or exists (select from hangfire.set)
                    or exists (select from harmony.job l where l.state not in ('Succeeded', 'Failed', 'Deleted'))
                """,
                null,
                CancellationToken.None))
            {
                break;
            }
        }

        var left = await db.QueryAsync<string>(
            "select concat_ws(' ', 'job', l.job_id, l.kind, l.state) from harmony.job l where l.state not in ('Succeeded', 'Failed', 'Deleted')",
            null,
            CancellationToken.None);
        var wrong = await DashboardNumbers.WrongAsync(db);
        if (left.Count + wrong.Count > 0)
            throw new BrokenRuleException($"at the end: {string.Join('\n', left.Concat(wrong))}");
    }

    private async Task LookAsync()
    {
        var broken = await Rules.BrokenAsync(db);
        if (broken.Length > 0)
            throw new BrokenRuleException(broken);
    }

    private Task DoAsync(Step step) => step.What switch
    {
        Act.Enqueue => EnqueueAsync(step),
        Act.EnqueueMany => EnqueueManyAsync(step),
        Act.Foreign => AddAsync("select play.foreign_client(@kind, @queue)", new { kind = Kind(step.Who), queue = Kind(step.Who) == "shop" ? "web_b" : "work_b" }),
        Act.Fetch => _fleet.FetchAsync(step.Who, 1 + (step.Which % 4), old: step.How % 6 == 5),
        Act.Renew => _fleet.RenewAsync(step.Who),
        Act.Effect => _fleet.EffectAsync(step.Who, step.Which, step.How % 2),
        Act.Finish => _fleet.FinishAsync(step.Who, step.Which, step.How),
        Act.FinishAll => _fleet.FinishAllAsync(step.Who, step.How),
        Act.Kill => _fleet.KillAsync(step.Who),
        Act.Release => db.ExecuteAsync("select harmony.release_due(100)", null, CancellationToken.None),
        Act.Rescue => db.ExecuteAsync("select harmony.rescue(100)", null, CancellationToken.None),
        Act.Wake => db.ExecuteAsync("select harmony.wake(@key)", new { key = $"bell{step.Which % 2}" }, CancellationToken.None),
        Act.Pause => PauseAsync(step),
        Act.Resume => ResumeAsync(Pausable[step.Which % Pausable.Length]),
        Act.Block => db.ExecuteAsync("select harmony.gate_block('store', make_interval(secs => @secs), 'too many')", new { secs = step.How % 2 == 0 ? 60.0 : 600 }, CancellationToken.None),
        Act.Open => db.ExecuteAsync("select harmony.gate_reset('store')", null, CancellationToken.None),
        Act.Requeue => OperateAsync("requeue", step),
        Act.Purge => OperateAsync("purge", step),
        Act.Cancel => OnJobAsync("select harmony.cancel(@job)", step),
        Act.RunNow => OnJobAsync("select harmony.run_now(@job)", step),
        Act.ClickRequeue => OnJobAsync("select play.click(@job, 'Enqueued')", step),
        Act.ClickDelete => OnJobAsync("select play.click(@job, 'Deleted')", step),
        Act.Lock => OnJobAsync(
            """
            insert into hangfire.lock (resource, updatecount, acquired)
            values ('hangfire:job:' || @job || ':state-lock', 77, clock_timestamp())
            on conflict (resource) do nothing
            """,
            step),
        Act.Unlock => db.ExecuteAsync("delete from hangfire.lock where updatecount = 77", null, CancellationToken.None),
        Act.Shift => GoOnAsync((step.How % 6) switch { 0 => 15, 1 => 45, 2 => 75, 3 => 600, 4 => 4000, _ => 25 * 3600 }),
        Act.Expire => db.ExecuteAsync("select harmony.expire(100)", null, CancellationToken.None),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    private static string Kind(int number) => Fleet.Kinds[number % Fleet.Kinds.Length];

    private Task GoOnAsync(double seconds) => db.ExecuteAsync("select play.go_on(@seconds)", new { seconds }, CancellationToken.None);

    private async Task AddAsync(string sql, object args)
    {
        foreach (var job in await db.QueryAsync<long>(sql, args, CancellationToken.None))
        {
            if (!_jobs.Contains(job))
                _jobs.Add(job);
        }
    }

    private Task EnqueueAsync(Step step)
    {
        var how = step.How % 8;
        var args = $$"""{"k": "{{step.Who}}"{{(how == 3 ? ", \"force\": true" : "")}}}""";
        int? priority = how switch { 4 => 90, 5 => 10, _ => null };
        double? secs = how switch { 6 => 20, 7 => 3000, _ => null };
        return AddAsync(
            """
            select e.job_id
            from harmony.enqueue(@kind, cast(@args as jsonb), @priority, harmony.now() + make_interval(secs => @secs)) e
            """,
            new { kind = Kind(step.Which), args, priority, secs });
    }

    private Task EnqueueManyAsync(Step step) => AddAsync(
        """
        select e.job_id
        from harmony.enqueue_many(@kind, array['{"k": "0"}', '{"k": "1"}', '{"k": "0"}', null]::jsonb[]) e
        """,
        new { kind = Kind(step.Which) });

    private Task PauseAsync(Step step)
    {
        var (scope, name) = Pausable[step.Which % Pausable.Length];
        double? secs = step.How % 2 == 0 ? null : 60;
        return db.ExecuteAsync("select harmony.pause(@scope, @name, null, harmony.now() + make_interval(secs => @secs))", new { scope, name, secs }, CancellationToken.None);
    }

    private Task ResumeAsync((string Scope, string Name) what) =>
        db.ExecuteAsync("select harmony.resume(@Scope, @Name)", new { what.Scope, what.Name }, CancellationToken.None);

    private async Task OnJobAsync(string sql, Step step)
    {
        if (_jobs.Count > 0)
            await db.ExecuteAsync(sql, new { job = _jobs[step.Which % _jobs.Count] }, CancellationToken.None);
    }

    // A dead letter that somebody else holds at this moment is left alone here.
    private async Task OperateAsync(string function, Step step)
    {
        var dead = await db.QueryAsync<long>(
            """
            select l.job_id
            from harmony.job l
            where l.state = 'Failed'
                and not exists (select from hangfire.lock x where x.resource = 'hangfire:job:' || l.job_id || ':state-lock')
            order by l.job_id
            """,
            null,
            CancellationToken.None);
        if (dead.Count == 0)
            return;
        long[] ids = step.How % 3 == 2 ? [.. dead] : [dead[step.Which % dead.Count]];
        var answers = await db.QueryAsync<string>($"select concat_ws(' ', r.job_id, r.outcome) from harmony.{function}(job_ids => @ids) r", new { ids }, CancellationToken.None);
        string[] good = function == "requeue" ? ["requeued", "superseded"] : ["purged"];
        if (answers.Count != ids.Length || answers.Any(a => !good.Contains(a.Split(' ')[1])))
            throw new BrokenRuleException($"{function} of {string.Join(' ', ids)} answers {string.Join(", ", answers)}");
    }
}
