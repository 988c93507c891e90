using Harmony.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Harmony.Orchestrator;

/// <summary>The one LISTEN connection of a process; while it is down, polling replaces it.</summary>
internal sealed partial class Listener(NpgsqlDataSource source, AsyncSignal newJob, LeaseRenewer leases, ILogger log)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private TimeSpan _pause = Shortest;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(cancellationToken);
            }
            catch (Exception e) when (DatabaseErrors.EndsOneTry(e))
            {
                if (cancellationToken.IsCancellationRequested)
                    return;
                LogTrouble(e);
                await Task.WhenAny(Task.Delay(_pause, cancellationToken));
                _pause = _pause * 2 < Longest ? _pause * 2 : Longest;
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        connection.Notification += OnNotification;
        try
        {
            await using (var listen = new NpgsqlCommand("listen new_job; listen harmony_control", connection))
                await listen.ExecuteNonQueryAsync(cancellationToken);
            newJob.Set();
            _pause = Shortest;
            await using var alive = new NpgsqlCommand("select", connection) { CommandTimeout = (int)Quiet.TotalSeconds };
            while (true)
            {
                // A cut connection stays silent: only a statement detects the loss.
                if (!await connection.WaitAsync(Quiet, cancellationToken))
                    await alive.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        finally
        {
            connection.Notification -= OnNotification;
            // Pooled connections are not reset: the next user of this one must not listen.
            NpgsqlConnection.ClearPool(connection);
        }
    }

    private void OnNotification(object sender, NpgsqlNotificationEventArgs e)
    {
        if (e.Channel == "harmony_control")
            leases.RenewNow();
        newJob.Set();
    }

    [LoggerMessage(EventName = "worker.tick", Level = LogLevel.Warning, Message = "LISTEN connection lost: polling until it is restored")]
    private partial void LogTrouble(Exception e);
}
