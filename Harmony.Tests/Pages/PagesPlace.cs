using Harmony.Orchestrator;
using Harmony.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Pages;

/// <summary>A database, the pages over it, and a worker elsewhere whose jobs fail and end as a test wants.</summary>
internal sealed class PagesPlace : IAsyncDisposable
{
    private PagesPlace(TestDatabase db, PagesHost host, TestFleet fleet, Valve valve) => (Db, Host, Fleet, Valve) = (db, host, fleet, valve);

    public TestDatabase Db { get; }

    public PagesHost Host { get; }

    public TestFleet Fleet { get; }

    public Valve Valve { get; }

    public static async Task<PagesPlace> StartAsync(params IEnumerable<(string Name, string Value)> environment)
    {
        var valve = new Valve();
        var db = await TestDatabase.CreateAsync();
        var host = await PagesHost.StartAsync(db, environment);
        var fleet = await TestFleet.StartAsync(db, [new Lane("operator", 2)], [typeof(ValveJob)], o => o.RetryDefaults = new RetryOverride(null, TimeSpan.FromSeconds(1), 0, null), s => s.AddSingleton(valve));
        var place = new PagesPlace(db, host, fleet, valve);
        await Until.SeenAsync(() => place.ScalarAsync<bool>("select exists (select from harmony.kind where kind = 'valve')"), known => known);
        return place;
    }

    public async Task<long> EnqueueAsync(string secret = "hunter2", DateTimeOffset? at = null) =>
        (await new JobQueue(Db.Database).EnqueueAsync(new ValveArgs(secret), new EnqueueOptions { RunAt = at }, CancellationToken.None)).JobId;

    public async Task<long> DeadLetterAsync(string error)
    {
        Valve.Fail = error;
        var job = await EnqueueAsync();
        await StateAsync(job, "Failed");
        return job;
    }

    public Task StateAsync(long job, string state) =>
        Until.SeenAsync(() => Db.Database.QueryFirstAsync<string>("select state from harmony.job where job_id = @job", new { job }, CancellationToken.None), s => s == state);

    public Task<T?> ScalarAsync<T>(string sql) => Db.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Valve.Open();
        await Fleet.DisposeAsync();
        await Host.DisposeAsync();
        await Db.DisposeAsync();
    }
}
