using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Harmony.Orchestrator;

/// <summary>Runs the job server with the host. A fleet that refuses us stops the host with the reason.</summary>
public sealed partial class JobServerService(IJobServer server, Catalogue catalogue, IHostApplicationLifetime lifetime, ILogger<JobServerService> log)
    : BackgroundService
{
    /// <summary>Set when the server could not start: the process ends with it.</summary>
    public int? ExitCode { get; private set; }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        EngineMetrics.Declare(catalogue.Kinds.Select(k => k.Kind));
        try
        {
            await server.JoinAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            LogRefused(e.MessageText, e.Hint);
            ExitCode = 78;
            lifetime.StopApplication();
            return;
        }

        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => server.RunAsync(stoppingToken);

    [LoggerMessage(51, LogLevel.Critical, "worker.lifecycle refused: {Reason} ({Hint})")]
    private partial void LogRefused(string reason, string? hint);
}
