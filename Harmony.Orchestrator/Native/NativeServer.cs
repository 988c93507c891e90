using Harmony.Data;
using Microsoft.Extensions.Logging;

namespace Harmony.Orchestrator.Native;

/// <summary>Our own worker on Hangfire's storage: a fetched job is a task of this process.</summary>
internal sealed partial class NativeServer : IJobServer
{
    private readonly JobRunner _runner;
    private readonly Membership _member;
    private readonly int _kinds;
    private readonly ILogger<NativeServer> _log;

    public NativeServer(Catalogue catalogue, OrchestratorOptions options, JobRunner runner, Database database, ILogger<NativeServer> log)
    {
        _runner = runner;
        _log = log;
        _kinds = catalogue.Kinds.Count;
        _member = new Membership(Membership.NewId(), catalogue, options, database, Carry, log);
    }

    public string Id => _member.Id;

    public Task JoinAsync(CancellationToken ct) => _member.JoinAsync(ct);

    public async Task RunAsync(CancellationToken stopping)
    {
        LogStarted(Id, _kinds);
        await _member.RunAsync(stopping);
        LogStopped(Id);
    }

    private void Carry(Running.Run run) => _ = Task.Run(async () =>
    {
        JobOutcome? outcome = null;
        try
        {
            outcome = await _runner.RunAsync(run.Ticket, run.Tokens);
        }
        catch (Exception e)
        {
            // Only our own code can throw here (the database is down while a gate closes): the lease brings the job back.
            LogBroken(e, run.Ticket.Kind, run.Ticket.JobId);
        }

        _member.End(run, outcome);
    });

    [LoggerMessage(11, LogLevel.Information, "worker.lifecycle started {Server}: native engine, {Kinds} kinds")]
    private partial void LogStarted(string server, int kinds);

    [LoggerMessage(12, LogLevel.Information, "worker.lifecycle stopped {Server}")]
    private partial void LogStopped(string server);

    [LoggerMessage(15, LogLevel.Error, "worker.job could not be settled {Kind} {JobId}")]
    private partial void LogBroken(Exception e, string kind, long jobId);
}
