using System.Text.Json;
using Harmony.Data;
using Harmony.Orchestrator;

namespace Harmony.Tests.Postgres.Histories;

/// <summary>Three workers, and what each may rely on: its own fence, and the leases of the others.</summary>
internal sealed class Fleet(Database db)
{
    public static readonly string[] Kinds = ["plain", "sole", "brief", "shop"];

    public static readonly string[] Lanes = ["work", "web"];

    private readonly Worker[] _workers = [new(0), new(1), new(2)];
    private readonly Dictionary<long, Lease> _leases = [];
    private long _turn;

    public async Task JoinAsync()
    {
        foreach (var worker in _workers)
            await JoinAsync(worker);
    }

    public async Task FetchAsync(int who, int room, bool old)
    {
        var worker = _workers[who];
        var started = await db.QueryAsync<Started>(
            """
            select
                f.ticket_id,
                f.job_id,
                f.fence,
                f.kind,
                f.attempts,
                harmony.now() as at,
                before.id as before,
                before.name = 'Scheduled' and l.due_at > harmony.now() as early,
                exists (
                    select
                    from harmony.pause p
                    join harmony.kind k on k.kind = f.kind
                    where (p.until is null or p.until > harmony.now())
                        and ((p.scope = 'lane' and p.name = k.lane)
                            or (p.scope = 'kind' and p.name = k.kind)
                            or (p.scope = 'provider' and p.name = any (k.providers)))
                )
                or exists (
                    select
                    from harmony.provider_gate g
                    join harmony.kind k on k.kind = f.kind
                    where g.provider = any (k.providers) and g.state = 'open' and g.blocked_until > harmony.now()
                ) as blocked
            from harmony.fetch(@Id, @kinds, @Lanes, @rooms, 100, @turn) f
            join harmony.job l on l.job_id = f.job_id
            cross join lateral (
                select s.id, s.name
                from hangfire.state s
                where s.jobid = f.job_id and s.id < f.fence
                order by s.id desc
                limit 1
            ) before
            """,
            new { worker.Id, kinds = old ? Kinds[1..] : Kinds, Lanes, rooms = new[] { room, room }, turn = ++_turn },
            CancellationToken.None);
        foreach (var run in started)
        {
            if (run.Blocked)
                throw new BrokenRuleException($"job {run.JobId} started while its way was closed");
            if (run.Early)
                throw new BrokenRuleException($"job {run.JobId} started before it was due");
            if (_leases.TryGetValue(run.JobId, out var lease) && lease.Fence == run.Before && lease.Until > run.At)
                throw new BrokenRuleException($"job {run.JobId} was taken over {lease.Until - run.At} before its lease was over");
            _leases[run.JobId] = new Lease(run.Fence, LeaseFrom(run.At));
            worker.Holds.Add(new Held(run.TicketId, run.JobId, run.Fence, run.Kind, run.Attempts));
        }
    }

    public async Task RenewAsync(int who)
    {
        var worker = _workers[who];
        var valid = new Dictionary<long, bool>();
        foreach (var held in worker.Holds)
            valid[held.JobId] = await IsValidAsync(held);
        var kept = await db.QueryAsync<Kept>(
            "select r as job_id, harmony.now() as at from harmony.renew(@tickets, @fences) r",
            new { tickets = worker.Holds.Select(h => h.TicketId).ToArray(), fences = worker.Holds.Select(h => h.Fence).ToArray() },
            CancellationToken.None);
        foreach (var held in worker.Holds.ToList())
        {
            var one = kept.FirstOrDefault(k => k.JobId == held.JobId);
            if (one is not null && valid[held.JobId])
                _leases[held.JobId] = new Lease(held.Fence, LeaseFrom(one.At));
            if (one is null && valid[held.JobId])
                throw new BrokenRuleException($"worker {who} holds job {held.JobId}, but its lease was not renewed");
            if (one is null)
                worker.Holds.Remove(held);
        }
    }

    public async Task EffectAsync(int who, int which, int step)
    {
        var worker = _workers[who];
        if (worker.Holds.Count == 0)
            return;
        var held = worker.Holds[which % worker.Holds.Count];
        var valid = await IsValidAsync(held);
        var allowed = await db.InTransactionAsync(
            async work =>
            {
                if (!await work.QueryFirstAsync<bool>("select harmony.hold(@JobId, @Fence)", held, CancellationToken.None))
                    return false;
                if (await work.QueryFirstAsync<bool>("select harmony.once(@JobId, @step)", new { held.JobId, step = $"step{step}" }, CancellationToken.None))
                {
                    await work.ExecuteAsync(
                        """
                        insert into play.effect (job_id, step, fence, newest)
                        select @JobId, @step, @Fence, max(s.id)
                        from hangfire.state s
                        where s.jobid = @JobId
                        """,
                        new { held.JobId, held.Fence, step = $"step{step}" },
                        CancellationToken.None);
                }

                return true;
            },
            CancellationToken.None);
        if (allowed != valid)
            throw new BrokenRuleException($"job {held.JobId}, run {held.Fence}: an effect was {(allowed ? "allowed" : "refused")}");
    }

    public async Task FinishAsync(int who, int which, int how)
    {
        var worker = _workers[who];
        if (worker.Holds.Count > 0)
            await FinishAsync(worker, [End(worker.Holds[which % worker.Holds.Count], how)]);
    }

    public async Task FinishAllAsync(int who, int how)
    {
        var worker = _workers[who];
        if (worker.Holds.Count > 0)
            await FinishAsync(worker, [.. worker.Holds.Select((h, i) => End(h, how + i))]);
    }

    public async Task KillAsync(int who)
    {
        _workers[who].Die();
        await JoinAsync(_workers[who]);
    }

    public void LetGo()
    {
        foreach (var worker in _workers)
            worker.Holds.Clear();
    }

    /// <summary>Everybody is well and does all there is to do.</summary>
    public async Task WorkAsync()
    {
        for (var who = 0; who < _workers.Length; who++)
        {
            await db.ExecuteAsync("select harmony.heartbeat(@Id, '{}'::jsonb)", new { _workers[who].Id }, CancellationToken.None);
            await FetchAsync(who, 100, old: false);
            if (_workers[who].Holds.Count > 0)
                await FinishAsync(_workers[who], [.. _workers[who].Holds.Select(h => End(h, 0))]);
        }
    }

    private static DateTimeOffset LeaseFrom(DateTimeOffset at) => at.AddSeconds(Stage.LeaseSeconds - 1);

    // As JobRunner says it.
    public static JobOutcome End(Held held, int how)
    {
        var outcome = new JobOutcome { TicketId = held.TicketId, JobId = held.JobId, Fence = held.Fence, Ending = "succeeded", Milliseconds = 5 };
        return (how % 12) switch
        {
            1 => outcome with { Ending = "snoozed", DelaySeconds = 30, Reason = "later" },
            2 => outcome with { Ending = "snoozed", DelaySeconds = 3600, Reason = "much later" },
            3 => outcome with { Ending = "parked", DelaySeconds = 3600, WakeKey = "bell0", Reason = "waits" },
            4 => outcome with { Ending = "parked", DelaySeconds = 60, WakeKey = "bell1", Reason = "waits" },
            5 => outcome with { Ending = "discarded", Reason = "not needed", ReasonCode = "discarded" },
            6 => outcome with { Ending = "returned", Reason = "the worker stopped" },
            7 => Failure(outcome) with { Ending = "dead", ReasonCode = "no_use", Reason = "boom" },
            8 or 9 or 10 when held.Attempts >= MaxRetries(held.Kind) => Failure(outcome) with { Ending = "dead", ReasonCode = "retries_exhausted", Reason = "boom" },
            8 or 9 => Failure(outcome) with { Ending = "retry", DelaySeconds = 10 },
            10 => Failure(outcome) with { Ending = "retry", DelaySeconds = 600 },
            _ => outcome,
        };
    }

    private static int MaxRetries(string kind) => kind == "sole" ? 1 : 2;

    private static JobOutcome Failure(JobOutcome outcome) => outcome with { ErrorType = "System.Exception", ErrorMessage = "boom", ErrorDetails = "boom" };

    private async Task FinishAsync(Worker worker, IReadOnlyList<JobOutcome> outcomes)
    {
        // A worker that stalled may hold two runs of one job: the answers are told apart by what they are.
        var offered = worker.Holds.Where(h => outcomes.Any(o => o.Fence == h.Fence)).ToList();
        List<Answered> expected = [];
        foreach (var held in offered)
            expected.Add(new Answered { JobId = held.JobId, Answer = await IsLockedAsync(held.JobId) ? "locked" : await IsValidAsync(held) ? "ok" : "lost" });

        var answers = await db.QueryAsync<Answered>(
            "select r.job_id, r.answer from harmony.finish_many(@Id, cast(@outcomes as jsonb)) r",
            new { worker.Id, outcomes = JsonSerializer.Serialize(outcomes, JobJson.Options) },
            CancellationToken.None);
        if (!answers.Select(a => (a.JobId, a.Answer)).Order().SequenceEqual(expected.Select(e => (e.JobId, e.Answer)).Order()))
            throw new BrokenRuleException($"answers {string.Join(", ", answers)}, not {string.Join(", ", expected)}");
        foreach (var (held, answer) in offered.Zip(expected))
        {
            if (answer.Answer != "locked")
                worker.Holds.Remove(held);
        }
    }

    private Task JoinAsync(Worker worker) =>
        db.ExecuteAsync("select harmony.join_fleet(@Id, @LeaseSeconds, '{}'::jsonb)", new { worker.Id, Stage.LeaseSeconds }, CancellationToken.None);

    private Task<bool> IsValidAsync(Held held) => db.QueryFirstAsync<bool>(
        "select exists (select from hangfire.job h where h.id = @JobId and h.stateid = @Fence and h.statename = 'Processing')", held, CancellationToken.None);

    private Task<bool> IsLockedAsync(long job) => db.QueryFirstAsync<bool>(
        "select exists (select from hangfire.lock l where l.resource = 'hangfire:job:' || @job || ':state-lock')", new { job }, CancellationToken.None);

    private sealed record Started
    {
        public required long TicketId { get; init; }

        public required long JobId { get; init; }

        public required long Fence { get; init; }

        public required string Kind { get; init; }

        public required int Attempts { get; init; }

        public required DateTimeOffset At { get; init; }

        public required long Before { get; init; }

        public required bool Early { get; init; }

        public required bool Blocked { get; init; }
    }

    private sealed record Kept
    {
        public required long JobId { get; init; }

        public required DateTimeOffset At { get; init; }
    }

    private sealed record Answered
    {
        public required long JobId { get; init; }

        public required string Answer { get; init; }
    }
}
