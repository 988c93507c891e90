using Hangfire.Server;
using Microsoft.Extensions.Logging;

namespace Harmony.Orchestrator;

/// <summary>
/// Our worker as a process of Hangfire's server: each fetched job is a task. The worker belongs to the process, not to one start of
/// the server: when Hangfire restarts the server, running jobs continue.
/// </summary>
internal sealed partial class HarmonyWorker : IBackgroundProcessAsync, IDisposable
{
    private readonly JobRunner _runner;
    private readonly Func<string, Action<InFlightJob>, WorkerNode> _makeNode;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private WorkerNode? _node;
    private Task? _work;

    /// <param name="makeNode">Makes the node of a server id; the second argument starts a fetched job.</param>
    public HarmonyWorker(JobRunner runner, Func<string, Action<InFlightJob>, WorkerNode> makeNode, ILogger log)
    {
        _runner = runner;
        _makeNode = makeNode;
        _log = log;
    }

    /// <summary>The process stops: running jobs get their grace period, then <see cref="ExecuteAsync"/> returns.</summary>
    public void Stop() => _stopping.Cancel();

    public async Task ExecuteAsync(BackgroundProcessContext context)
    {
        _work ??= StartNode(context.ServerId);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.StoppingToken.Register(stopped.SetResult);
        await Task.WhenAny(_work, stopped.Task);
        if (_stopping.IsCancellationRequested || _work.IsFaulted)
            await _work;
    }

    public void Dispose() => _stopping.Dispose();

    private Task StartNode(string serverId)
    {
        _node = _makeNode(serverId, Start);
        return _node.RunAsync(_stopping.Token);
    }

    private void Start(InFlightJob run) => _ = Task.Run(async () =>
    {
        JobOutcome? outcome = null;
        try
        {
            outcome = await _runner.RunAsync(run.Ticket, run.Tokens);
        }
        catch (Exception e)
        {
            // Only the engine's own code can throw here (the database is down while a gate closes): the job runs again when its lease expires.
            LogNoOutcome(e, run.Ticket.Kind, run.Ticket.JobId);
        }

        _node!.End(run, outcome);
    });

    [LoggerMessage(EventName = "worker.job", Level = LogLevel.Error, Message = "No outcome of {Kind} {JobId}: the job runs again when its lease expires")]
    private partial void LogNoOutcome(Exception e, string kind, long jobId);
}
