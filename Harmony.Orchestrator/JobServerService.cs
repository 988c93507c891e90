using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Harmony.Orchestrator;

/// <summary>Runs the job server with the host. A fleet that refuses us stops the host with the reason.</summary>
public sealed partial class JobServerService(IJobServer server, IHostApplicationLifetime lifetime, ILogger<JobServerService> log)
    : BackgroundService
{
    /// <summary>Set when the server could not start: the process ends with it.</summary>
    public int? ExitCode { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await server.RunAsync(stoppingToken);
        }
        catch (PostgresException e) when (e.SqlState == "55000")
        {
            LogRefused(e.MessageText, e.Hint);
            ExitCode = 78;
            lifetime.StopApplication();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped();
        }
    }

    [LoggerMessage(51, LogLevel.Critical, "worker.lifecycle refused: {Reason} ({Hint})")]
    private partial void LogRefused(string reason, string? hint);

    [LoggerMessage(52, LogLevel.Information, "worker.lifecycle stopped before it had started")]
    private partial void LogStopped();
}
