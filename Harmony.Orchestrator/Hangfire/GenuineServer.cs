using Hangfire.AspNetCore;
using Hangfire.PostgreSql;
using Hangfire.Server;
using Harmony.Data;
using Harmony.Orchestrator.Native;
using Microsoft.Extensions.Logging;
using LogProvider = Hangfire.Logging.LogProvider;

namespace Harmony.Orchestrator.Genuine;

/// <summary>
/// Genuine Hangfire's server carries the jobs: its workers, threads, heartbeat and watchdog. What it carries is fetched and
/// finished by the same traffic as with the native server, so there is no recurring and no delayed scheduler in it.
/// </summary>
internal sealed partial class GenuineServer : IJobServer
{
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(2);

    private readonly Catalogue _catalogue;
    private readonly OrchestratorOptions _options;
    private readonly JobRunner _runner;
    private readonly PostgreSqlStorage _storage;
    private readonly HandOver _handOver;
    private readonly Func<string, Membership> _memberAs;
    private readonly AspNetCoreLogProvider _logs;
    private readonly ILogger<GenuineServer> _log;
    private Membership _member;

    public GenuineServer(
        Catalogue catalogue, OrchestratorOptions options, JobRunner runner, Database database, GenuineSchema schema, ILoggerFactory logs)
    {
        _catalogue = catalogue;
        _options = options;
        _runner = runner;
        _log = logs.CreateLogger<GenuineServer>();
        _logs = new AspNetCoreLogProvider(logs);
        _storage = GenuineStorage.Open(database.Source, schema.Name);
        _handOver = new HandOver(_storage.QueueProviders.GetProvider("default"), (run, outcome) => _member!.End(run, outcome));
        _storage.QueueProviders.Add(_handOver, Queues);
        _memberAs = id => new Membership(id, catalogue, options, database, _handOver.Give, _log);
        _member = _memberAs(Membership.NewId());
    }

    public string Id => _member.Id;

    private string[] Queues => [.. _catalogue.Lanes.Select(l => l.Name)];

    public Task JoinAsync(CancellationToken ct) => _member.JoinAsync(ct);

    public async Task RunAsync(CancellationToken stopping)
    {
        // Hangfire's logs have one home per process, too; it does not outlive us.
        LogProvider.SetCurrentLogProvider(_logs);
        try
        {
            await CarryAsync(stopping);
        }
        finally
        {
            LogProvider.SetCurrentLogProvider(null);
        }
    }

    private async Task CarryAsync(CancellationToken stopping)
    {
        var named = new Naming();
        using var server = Start(named);
        await Task.WhenAny(named.Id, Task.Delay(Timeout.Infinite, stopping));
        if (named.Id.IsCompletedSuccessfully)
            await TakeNameAsync(await named.Id, stopping);
        LogStarted(Id, _catalogue.Kinds.Count);

        await _member.RunAsync(stopping);
        server.SendStop();
        // A job that ignores its token keeps its thread; it has no lease any more, and the process ends without it.
        using var last = new CancellationTokenSource(LastWait);
        await Task.WhenAny(server.WaitForShutdownAsync(last.Token));
        LogStopped(Id);
    }

    // Hangfire makes up the name of a server's row itself. The row of our own under which we asked to join goes again.
    private async Task TakeNameAsync(string id, CancellationToken stopping)
    {
        var before = _member;
        _member = _memberAs(id);
        await _member.JoinAsync(stopping);
        await before.LeaveAsync();
    }

    private BackgroundProcessingServer Start(Naming named) => new(
        _storage,
        [
            new Worker(Queues, new CarriedPerformer(_runner), new WrittenStates(_log)).UseBackgroundPool(_options.GlobalConcurrency),
            named.UseBackgroundPool(1),
        ],
        new Dictionary<string, object> { ["Queues"] = Queues, ["WorkerCount"] = _options.GlobalConcurrency },
        new BackgroundProcessingServerOptions
        {
            HeartbeatInterval = TimeSpan.FromSeconds(10),
            // By the time it is told to stop, running jobs have had their grace and are written.
            StopTimeout = TimeSpan.Zero,
            ShutdownTimeout = LastWait / 2,
        });

    [LoggerMessage(11, LogLevel.Information, "worker.lifecycle started {Server}: genuine Hangfire engine, {Kinds} kinds")]
    private partial void LogStarted(string server, int kinds);

    [LoggerMessage(12, LogLevel.Information, "worker.lifecycle stopped {Server}")]
    private partial void LogStopped(string server);

    /// <summary>Tells the name under which the server announced itself.</summary>
    private sealed class Naming : IBackgroundProcess
    {
        private readonly TaskCompletionSource<string> _id = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Id => _id.Task;

        public void Execute(BackgroundProcessContext context)
        {
            _id.TrySetResult(context.ServerId);
            context.StoppingToken.WaitHandle.WaitOne();
        }
    }
}
