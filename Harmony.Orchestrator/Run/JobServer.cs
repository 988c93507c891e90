using Hangfire;
using Hangfire.Client;
using Hangfire.Server;
using Hangfire.States;
using Harmony.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Harmony.Orchestrator;

/// <summary>
/// Hangfire's server of this process: our worker for our lanes, Hangfire's own worker and recurring scheduler for jobs that are
/// not ours. When the fleet refuses this server, the host stops with the reason.
/// </summary>
public sealed partial class JobServer : IHostedService, IDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    // Running jobs get their grace period first; after it only their outcomes are written.
    private static readonly TimeSpan AfterGrace = TimeSpan.FromSeconds(4);

    private readonly JobServerParts _parts;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<JobServer> _log;
    private readonly HarmonyWorker _worker;
    private BackgroundProcessingServer? _server;

    public JobServer(
        JobServerParts parts, JobRunner runner, IGlobalConfiguration hangfire, IHostApplicationLifetime lifetime, ILogger<JobServer> log)
    {
        // Resolving it gives Hangfire our formats and log, before its server starts.
        _ = hangfire;
        _parts = parts;
        _lifetime = lifetime;
        _log = log;
        _worker = new HarmonyWorker(
            runner, (id, start) => new WorkerNode(id, parts.Catalogue, parts.Options, parts.Database, parts.Continuations, start, log), log);
    }

    /// <summary>Set when the server could not start: the process then ends with this error.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>The id of the server's row.</summary>
    public string? ServerId { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        EngineMetrics.Declare(_parts.Catalogue.Kinds.Select(k => k.Kind));
        await PrepareAsync(cancellationToken);
        _server = StartServer();
        try
        {
            ServerId = await _parts.Storage.Announced.Task.WaitAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            LogRefused(e.MessageText, e.Hint);
            ExitCode = 78;
            _lifetime.StopApplication();
            return;
        }

        LogStarted(ServerId, _parts.Catalogue.Kinds.Count, string.Join(", ", _parts.Options.HangfireQueues));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is null)
            return;
        _worker.Stop();
        _server.SendStop();
        await _server.WaitForShutdownAsync(cancellationToken);
        LogStopped(ServerId ?? "");
    }

    public void Dispose()
    {
        _server?.Dispose();
        _worker.Dispose();
    }

    // A short outage of the database at start is waited for, as while jobs run.
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _parts.Kinds.WriteAsync(cancellationToken);
                await _parts.Scheduler.SyncAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (DatabaseErrors.IsTransient(e) && !cancellationToken.IsCancellationRequested)
            {
                LogWaiting(e);
                await Task.Delay(RetryPause, cancellationToken);
            }
        }
    }

    private BackgroundProcessingServer StartServer()
    {
        var options = _parts.Options;
        var grace = TimeSpan.FromSeconds(options.ShutdownGraceSeconds);
        List<IBackgroundProcessDispatcherBuilder> processes =
        [
            _worker.UseThreadPool(1),
            new RecurringJobScheduler(new BackgroundJobFactory(_parts.Filters), TimeSpan.FromSeconds(5)).UseBackgroundPool(1),
        ];
        if (options.HangfireWorkers > 0)
        {
            var worker = new Worker(
                options.HangfireQueues, new BackgroundJobPerformer(_parts.Filters, _parts.Activator), new BackgroundJobStateChanger(_parts.Filters));
            processes.Add(worker.UseBackgroundPool(options.HangfireWorkers));
        }

        return new BackgroundProcessingServer(
            _parts.Storage,
            processes,
            new Dictionary<string, object> { ["Queues"] = QueuesServed(), ["WorkerCount"] = options.GlobalConcurrency + options.HangfireWorkers },
            new BackgroundProcessingServerOptions
            {
                HeartbeatInterval = TimeSpan.FromSeconds(10),
                StopTimeout = grace,
                ShutdownTimeout = grace + AfterGrace,
            });
    }

    private string[] QueuesServed() =>
        [.. _parts.Catalogue.Lanes.SelectMany(JobQueues.Of), .. _parts.Options.HangfireWorkers > 0 ? _parts.Options.HangfireQueues : []];

    [LoggerMessage(EventName = "worker.lifecycle", Level = LogLevel.Information, Message = "Started {Server}: {Kinds} kinds of job, and Hangfire's jobs of the queues {Queues}")]
    private partial void LogStarted(string server, int kinds, string queues);

    [LoggerMessage(EventName = "worker.lifecycle", Level = LogLevel.Information, Message = "Stopped {Server}")]
    private partial void LogStopped(string server);

    [LoggerMessage(EventName = "worker.lifecycle", Level = LogLevel.Warning, Message = "Cannot start yet: the database does not answer")]
    private partial void LogWaiting(Exception e);

    [LoggerMessage(EventName = "worker.lifecycle", Level = LogLevel.Critical, Message = "Refused: {Reason} ({Hint})")]
    private partial void LogRefused(string reason, string? hint);
}
