using System.Diagnostics;
using Hangfire;
using Hangfire.Logging;
using Hangfire.PostgreSql;
using Npgsql;

namespace Harmony.Bench.Engine;

/// <summary>Hangfire as its readme starts it: its own client, its own fetch, its own server.</summary>
internal sealed class HangfirePeer(string connectionString) : IPeer
{
    // It is a good deal slower: as many jobs as the others get would take minutes.
    private const int Share = 10;

    private static int _done;

    private readonly PeerDatabase _place = new("hangfire", connectionString);

    public string Name => "Hangfire";

    public async Task<double> BurnDownAsync(int jobs, int inFlight, CancellationToken cancellationToken)
    {
        // Hangfire keeps its log and its activator per process, and those of our last server are disposed.
        LogProvider.SetCurrentLogProvider(null);
        var address = await _place.CreateAsync(cancellationToken);
        address.MaxPoolSize = 90;
        await using var source = NpgsqlDataSource.Create(address.ConnectionString);
        await using (var connection = await source.OpenConnectionAsync(cancellationToken))
            PostgreSqlObjectsInstaller.Install(connection);
        var storage = new PostgreSqlStorage(new Connections(source), new PostgreSqlStorageOptions { PrepareSchemaIfNecessary = false });
        var client = new BackgroundJobClient(storage);
        var some = Math.Max(1, jobs / Share);
        for (var i = 0; i < some; i++)
            client.Enqueue(() => NoOp(i));
        await using (var vacuum = source.CreateCommand("vacuum analyze"))
            await vacuum.ExecuteNonQueryAsync(cancellationToken);

        _done = 0;
        var clock = Stopwatch.StartNew();
        using (new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = inFlight, Activator = new JobActivator() }, storage))
        {
            while (Volatile.Read(ref _done) < some || !await IsEmptyAsync(source, cancellationToken))
                await Task.Delay(10, cancellationToken);
            return some / clock.Elapsed.TotalSeconds;
        }
    }

    /// <summary>The job; Hangfire calls it by name.</summary>
    public static void NoOp(int n) => Interlocked.Add(ref _done, n >= 0 ? 1 : 0);

    private sealed class Connections(NpgsqlDataSource source) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();
    }

    private static async Task<bool> IsEmptyAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var waiting = source.CreateCommand("select exists (select from hangfire.jobqueue)");
        return await waiting.ExecuteScalarAsync(cancellationToken) is false;
    }
}
