using System.Text.Json;
using Harmony.Data;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Tests.Postgres.Histories;

/// <summary>
/// Everybody at once, each with a random list of their own: what a history cannot show because its steps come one after the other.
/// Only what is true whatever the order is looked at, when all is quiet again.
/// </summary>
internal sealed class Rush(Database db, int seed)
{
    private const int StepsEach = 120;

    private long _lastJob;
    private int _deadlocks;

    /// <summary>Calls that the database gave up because two waited for each other; whoever made one makes it again.</summary>
    public int Deadlocks => _deadlocks;

    public async Task RunAsync()
    {
        List<Task> all = [.. Enumerable.Range(0, 3).Select(i => WorkAsync(i, new Random(seed + i)))];
        all.Add(RepeatAsync(EnqueueAsync, new Random(seed + 3)));
        all.Add(RepeatAsync(ClickAsync, new Random(seed + 4)));
        all.Add(RepeatAsync(OperateAsync, new Random(seed + 5)));
        all.Add(RepeatAsync(KeepUpAsync, new Random(seed + 6)));
        await Task.WhenAll(all);
        await new Player(db).DrainAsync();
    }

    private async Task RepeatAsync(Func<Random, Task> act, Random chance)
    {
        for (var i = 0; i < StepsEach; i++)
            await TryAsync(() => act(chance));
    }

    private async Task<bool> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
        {
            Interlocked.Increment(ref _deadlocks);
            return false;
        }
    }

    private async Task WorkAsync(int number, Random chance)
    {
        var server = $"rush{number}";
        var holds = new Queue<Held>();
        await DoAsync("select harmony.join_fleet(@server, 60, '{}')", new { server });
        for (var i = 0; i < StepsEach; i++)
        {
            await TryAsync(async () =>
            {
                foreach (var held in await FetchAsync(server, chance))
                    holds.Enqueue(held);
            });
            while (holds.Count > chance.Next(3) && holds.TryDequeue(out var held))
            {
                await TryAsync(() => EffectAsync(held));
                if (chance.Next(10) > 0)
                    await TryAsync(() => FinishAsync(server, Fleet.End(held, chance.Next(12))));
            }
        }
    }

    private Task<IReadOnlyList<Held>> FetchAsync(string server, Random chance)
    {
        var room = 1 + chance.Next(4);
        return db.QueryAsync<Held>(
            "select f.ticket_id, f.job_id, f.fence, f.kind, f.attempts from harmony.fetch(@server, @kinds, @Lanes, @rooms, 100, @turn) f",
            new { server, kinds = chance.Next(8) == 0 ? Fleet.Kinds[1..] : Fleet.Kinds, Fleet.Lanes, rooms = new[] { room, room }, turn = (long)chance.Next(20) },
            CancellationToken.None);
    }

    private Task EffectAsync(Held held) => db.InTransactionAsync(
        async work =>
        {
            if (!await work.QueryFirstAsync<bool>("select harmony.hold(@JobId, @Fence) and harmony.once(@JobId, 'step')", held, CancellationToken.None))
                return;
            await work.ExecuteAsync(
                """
                insert into play.effect (job_id, step, fence, newest)
                select @JobId, 'step', @Fence, max(s.id)
                from hangfire.state s
                where s.jobid = @JobId
                """,
                held,
                CancellationToken.None);
        },
        CancellationToken.None);

    private Task FinishAsync(string server, JobOutcome outcome) => DoAsync(
        "select harmony.finish_many(@server, cast(@outcomes as jsonb))",
        new { server, outcomes = JsonSerializer.Serialize(new[] { outcome }, JobJson.Options) });

    private async Task EnqueueAsync(Random chance)
    {
        double? secs = chance.Next(4) == 0 ? 20 : null;
        _lastJob = await db.QueryFirstAsync<long>(
            "select e.job_id from harmony.enqueue(@kind, jsonb_build_object('k', @k), null, harmony.now() + make_interval(secs => @secs)) e",
            new { kind = Fleet.Kinds[chance.Next(4)], k = chance.Next(3), secs },
            CancellationToken.None);
    }

    private Task ClickAsync(Random chance) => DoAsync("select play.click(@job, @to)", new { job = SomeJob(chance), to = chance.Next(3) == 0 ? "Deleted" : "Enqueued" });

    private Task OperateAsync(Random chance) => DoAsync(
        chance.Next(6) switch
        {
            0 => "select harmony.cancel(@job)",
            1 => "select harmony.run_now(@job)",
            2 => "select harmony.purge(array[@job])",
            3 => "select harmony.pause('kind', 'sole')",
            4 => "select harmony.resume('kind', 'sole')",
            _ => "select harmony.wake('bell0')",
        },
        new { job = SomeJob(chance) });

    private Task KeepUpAsync(Random chance) => DoAsync(chance.Next(3) switch
    {
        0 => "select harmony.release_due(100)",
        1 => "select harmony.rescue(100)",
        _ => "select play.go_on(10)",
    });

    private long SomeJob(Random chance) => _lastJob - chance.Next(20);

    private Task DoAsync(string sql, object? args = null) => db.ExecuteAsync(sql, args, CancellationToken.None);
}
