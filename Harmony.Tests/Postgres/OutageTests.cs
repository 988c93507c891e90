using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Postgres;

/// <summary>A provider is down for a while, with workers that know nothing of each other.</summary>
[TestClass]
public sealed class OutageTests
{
    private static readonly Lane[] Lanes = [new("calls", 2)];

    [TestMethod]
    public async Task An_outage_costs_few_calls_and_loses_no_job()
    {
        await using var db = await TestDatabase.CreateAsync();
        var line = new Line();
        void Add(IServiceCollection services) => services.AddSingleton(line);
        await using var one = await TestFleet.StartAsync(db, Lanes, [typeof(CallJob)], add: Add);
        await using var two = await TestFleet.StartAsync(db, Lanes, [typeof(CallJob)], add: Add);
        Task<T?> Scalar<T>(string sql) => db.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None);

        await db.Database.ExecuteAsync("select harmony.enqueue_many('call', array_fill('{}'::jsonb, array[60]))", null, CancellationToken.None);
        await Until.SeenAsync(() => Scalar<string>("select state from harmony.provider_gate"), s => s == "open");
        await Until.SeenAsync(() => Scalar<long>("select count(*) from harmony.job where state = 'Processing'"), n => n == 0);
        var calls = line.Calls;
        Assert.IsTrue(calls is >= 5 and <= 12, $"{calls} calls");
        await Task.Delay(1500);
        Assert.AreEqual(calls, line.Calls, "called behind a closed gate");

        line.IsUp = true;
        await db.Database.ExecuteAsync("select harmony.shift_clock('1 hour')", null, CancellationToken.None);
        await Until.SeenAsync(() => Scalar<long>("select count(*) from harmony.job where state = 'Succeeded'"), n => n == 60);
        Assert.AreEqual("closed", await Scalar<string>("select state from harmony.provider_gate"));
        Assert.AreEqual(0L, await Scalar<long>("select count(*) from harmony.job where attempts > 1"));
    }

    [TestMethod]
    public async Task An_unreadable_answer_is_no_outage()
    {
        await using var db = await TestDatabase.CreateAsync();
        await using var fleet = await TestFleet.StartAsync(db, Lanes, [typeof(CallJob)], add: s => s.AddSingleton(new Line { IsOdd = true }));
        await db.Database.ExecuteAsync("select harmony.enqueue_many('call', array_fill('{}'::jsonb, array[20]))", null, CancellationToken.None);

        await Until.SeenAsync(
            () => db.Database.QueryFirstAsync<long>("select count(*) from harmony.job where attempts > 0", null, CancellationToken.None), n => n == 20);

        Assert.AreEqual(0L, await db.Database.QueryFirstAsync<long>("select count(*) from harmony.provider_gate where state <> 'closed' or failures > 0", null, CancellationToken.None));
    }

    private sealed class Line
    {
        private int _calls;

        public volatile bool IsUp;

        public bool IsOdd { get; init; }

        public int Calls => _calls;

        public void Call()
        {
            Interlocked.Increment(ref _calls);
            if (IsOdd)
                throw new OddAnswer();
            if (!IsUp)
                throw new ProviderFailedException("phone", "nobody answers");
        }
    }

    private sealed class OddAnswer() : ProviderFailedException("phone", "what?")
    {
        public override bool IsOutage => false;
    }

    private sealed record CallArgs : IJobArgs
    {
        public static string Kind => "call";
    }

    private sealed class CallJob(Line line) : IJob<CallArgs>
    {
        public static JobSpec Spec { get; } = new("calls") { Providers = ["phone"], RetryBase = TimeSpan.FromSeconds(1) };

        public async Task<JobEnd> RunAsync(CallArgs args, JobRun run, CancellationToken cancellationToken)
        {
            await Task.Delay(20, cancellationToken);
            line.Call();
            return JobEnd.Done();
        }
    }
}
