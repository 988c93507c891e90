using Npgsql;

namespace Harmony.Data.Notices;

/// <summary>One LISTEN connection, opened again with growing pauses when it is lost.</summary>
/// <param name="connect">Makes a connection that is not open yet.</param>
/// <param name="quiet">How long the connection may be silent before it is checked, and the time limit of that check.</param>
public sealed class NoticeListener(Func<NpgsqlConnection> connect, IReadOnlyList<string> channels, TimeSpan quiet, TimeProvider time)
{
    private readonly GrowingPause _pause = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    public async Task RunAsync(INoticeReceiver receiver, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(receiver, cancellationToken);
            }
            catch (Exception e) when (DatabaseErrors.EndsOneTry(e))
            {
                if (cancellationToken.IsCancellationRequested)
                    return;
                receiver.Lost(e);
                await Task.WhenAny(Task.Delay(_pause.Next(), time, cancellationToken));
            }
        }
    }

    private async Task ListenAsync(INoticeReceiver receiver, CancellationToken cancellationToken)
    {
        await using var connection = connect();
        connection.Notification += (_, notice) => receiver.Received(notice.Channel, notice.Payload);
        await connection.OpenAsync(cancellationToken);
        try
        {
            // A cut connection stays silent: only a statement detects the loss. A repeated LISTEN changes nothing.
            await using var listen = new NpgsqlCommand(string.Join("; ", channels.Select(c => $"listen {c}")), connection)
            {
                CommandTimeout = (int)quiet.TotalSeconds,
            };
            await listen.ExecuteNonQueryAsync(cancellationToken);
            _pause.Reset();
            while (true)
            {
                receiver.Alive();
                if (!await connection.WaitAsync(quiet, cancellationToken))
                    await listen.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        finally
        {
            // Pooled connections are not reset: the next user of this one must not listen.
            NpgsqlConnection.ClearPool(connection);
        }
    }
}
