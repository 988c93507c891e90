using System.Globalization;
using Harmony.Data;
using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>Many more jobs at once than connections: each waits its turn, none is lost, and nobody waits for each other in a ring.</summary>
[TestClass]
public sealed class ManyLanesTests
{
    private const int LaneCount = 24;
    private const int JobsPerLane = 40;
    private const int Workers = 200;
    private const int Connections = 20;

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public async Task Two_hundred_workers_share_twenty_connections()
    {
        await using var db = await TestDatabase.CreateAsync();
        var address = new NpgsqlConnectionStringBuilder(db.ConnectionString) { MaxPoolSize = Connections };
        await using var small = DataSources.Open(address.ConnectionString, "harmony-small-pool");
        await db.Database.ExecuteAsync("create table public.effect (job_id bigint, at timestamptz default clock_timestamp())", null, CancellationToken.None);
        var jobs = Jobs();
        await using var fleet = await TestFleet.StartAsync(
            db,
            [.. Enumerable.Range(0, LaneCount).Select(n => new Lane(NameOf(n), 20))],
            jobs,
            options => options.GlobalConcurrency = Workers,
            services => services.AddSingleton(new Database(small)));

        for (var n = 0; n < LaneCount; n++)
        {
            await db.Database.ExecuteAsync(
                "select count(*) from harmony.enqueue_many(@kind, (select array_agg(jsonb_build_object('n', i)) from generate_series(1, @JobsPerLane) i))",
                new { kind = NameOf(n), JobsPerLane },
                CancellationToken.None);
        }

        var most = 0L;
        await Until.SeenAsync(
            async () =>
            {
                most = Math.Max(most, await db.Database.QueryFirstAsync<long>("select count(*) from harmony.job where state = 'Processing'", null, CancellationToken.None));
                return await db.Database.QueryFirstAsync<string>(
                    "select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from harmony.job group by state) s",
                    null,
                    CancellationToken.None);
            },
            states => states == $"Succeeded {LaneCount * JobsPerLane}",
            TimeSpan.FromSeconds(100));

        Assert.IsGreaterThan(Connections * 2L, most, "many more ran at once than there are connections");
        Assert.AreEqual(
            $"{LaneCount * JobsPerLane} {LaneCount * JobsPerLane}",
            await db.Database.QueryFirstAsync<string>("select count(*) || ' ' || count(distinct job_id) from public.effect", null, CancellationToken.None));
        Assert.AreEqual(0L, await db.Database.QueryFirstAsync<long>("select count(*) from harmony.job_event where to_state = 'Failed'", null, CancellationToken.None));
    }

    private static string NameOf(int lane) => "lane" + lane.ToString(CultureInfo.InvariantCulture);

    // Zero, Next<Zero>, Next<Next<Zero>>, ...: a job type for each lane.
    private static List<Type> Jobs()
    {
        List<Type> jobs = [];
        var number = typeof(Zero);
        for (var n = 0; n < LaneCount; n++)
        {
            jobs.Add(typeof(LaneJob<>).MakeGenericType(number));
            number = typeof(Next<>).MakeGenericType(number);
        }

        return jobs;
    }

    private interface INumber
    {
        static abstract int Value { get; }
    }

    private sealed class Zero : INumber
    {
        public static int Value => 0;
    }

    private sealed class Next<T> : INumber
        where T : INumber
    {
        public static int Value => T.Value + 1;
    }

    private sealed record LaneArgs<T>(int N) : IJobArgs
        where T : INumber
    {
        public static string Kind => NameOf(T.Value);
    }

    private sealed class LaneJob<T> : IJob<LaneArgs<T>>
        where T : INumber
    {
        public static JobSpec Spec { get; } = new(NameOf(T.Value));

        public async Task<JobEnd> RunAsync(LaneArgs<T> args, JobRun run, CancellationToken cancellationToken)
        {
            // Holds a connection for a while, as a job does that has much to write.
            await run.OnceAsync(
                "effect",
                work => work.ExecuteAsync("insert into public.effect (job_id) values (@JobId); select pg_sleep(0.1)", new { run.JobId }, cancellationToken),
                cancellationToken);
            return JobEnd.Done();
        }
    }
}
