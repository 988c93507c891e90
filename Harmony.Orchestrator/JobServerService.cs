using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Harmony.Orchestrator;

/// <summary>Runs the job server with the host. A fleet that refuses us stops the host with the reason.</summary>
public sealed partial class JobServerService(IJobServer server, Catalogue catalogue, IHostApplicationLifetime lifetime, ILogger<JobServerService> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Set when the server could not start: the process ends with it.</summary>
    public int? ExitCode { get; private set; }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        EngineMetrics.Declare(catalogue.Kinds.Select(k => k.Kind));
        try
        {
            await JoinAsync(cancellationToken);
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

    // The host has seen the database a moment ago: one that is away now will be back, as it is waited for when jobs run.
    private async Task JoinAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await server.JoinAsync(ct);
                return;
            }
            catch (Exception e) when (IsPassing(e) && !ct.IsCancellationRequested)
            {
                LogTrouble(e);
                await Task.Delay(Pause, ct);
            }
        }
    }

    // 08 connection, 53 resources, 57 shutting down or starting up.
    private static bool IsPassing(Exception e) => e switch
    {
        PostgresException { SqlState: var state } => state[..2] is "08" or "53" or "57",
        NpgsqlException or TimeoutException => true,
        _ => false,
    };

    [LoggerMessage(52, LogLevel.Warning, "worker.lifecycle cannot join yet, the database does not answer")]
    private partial void LogTrouble(Exception e);

    [LoggerMessage(51, LogLevel.Critical, "worker.lifecycle refused: {Reason} ({Hint})")]
    private partial void LogRefused(string reason, string? hint);
}
