using Harmony.Data;
using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Postgres;

/// <summary>A database of one's own and processes on it.</summary>
public abstract class EngineFixture
{
    private static readonly Lane[] Lanes = [new("work", 4), new("narrow", 1), new("rated", 4) { Rate = new RateWindow(2, TimeSpan.FromHours(1)) }];

    private static readonly Type[] Jobs =
    [
        typeof(EchoJob), typeof(FailJob), typeof(ParkJob), typeof(SlowJob), typeof(OnlyOneJob), typeof(OtherEndJob), typeof(BlockedJob),
        typeof(RatedJob), typeof(EffectJob), typeof(StubbornJob), typeof(CrowdJob),
    ];

    private protected TestDatabase Place { get; private set; } = null!;

    private protected Sightings Seen { get; } = new();

    private protected Database Db => Place.Database;

    [TestInitialize]
    public async Task CreateAsync() => Place = await TestDatabase.CreateAsync();

    [TestCleanup]
    public async Task DropAsync() => await Place.DisposeAsync();

    private protected Task<TestFleet> StartAsync(Action<OrchestratorOptions>? set = null) => StartAsync(Place, set);

    private protected Task<TestFleet> StartAsync(TestDatabase place, Action<OrchestratorOptions>? set) =>
        TestFleet.StartAsync(place, Lanes, Jobs, set, services => services.AddSingleton(Seen));

    private protected async Task SyncKindsAsync()
    {
        await using var fleet = await StartAsync();
        await Until.SeenAsync(() => ScalarAsync<long>("select count(*) from hangfire.server", null), n => n == 1);
    }

    private protected static Task<Enqueued> EnqueueAsync<TArgs>(TestFleet fleet, TArgs args, int? priority = null)
        where TArgs : class, IJobArgs =>
        fleet.Services.GetRequiredService<JobQueue>().EnqueueAsync(args, new EnqueueOptions { Priority = priority }, CancellationToken.None);

    private protected Task StateIsAsync(long jobId, string state) =>
        Until.SeenAsync(() => ScalarAsync<string>("select state from harmony.job where job_id = @jobId", new { jobId }), s => s == state);

    private protected Task<string?> PathAsync(long jobId) =>
        ScalarAsync<string>("select string_agg(to_state, '>' order by event_id) from harmony.job_event where job_id = @jobId", new { jobId });

    private protected Task<long> CountAsync(string state) => ScalarAsync<long>("select count(*) from harmony.job where state = @state", new { state });

    private protected Task<T?> ScalarAsync<T>(string sql, object? args) => Db.QueryFirstAsync<T>(sql, args, CancellationToken.None);
}
