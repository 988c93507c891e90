using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Harmony.Bench.Engine;

/// <summary>Another product's queue, in a database of its own on the same cluster.</summary>
internal interface IPeer
{
    string Name { get; }

    /// <summary>Jobs per second, after a fill that is not counted.</summary>
    Task<double> BurnDownAsync(int jobs, int inFlight, CancellationToken cancellationToken);
}

/// <summary>One that is driven by a script of its own language.</summary>
internal sealed class PeerQueue(string name, string script, string connectionString) : IPeer
{
    private readonly PeerDatabase _place = new(name, connectionString);

    public string Name => name;

    public async Task<double> BurnDownAsync(int jobs, int inFlight, CancellationToken cancellationToken)
    {
        var address = await _place.CreateAsync(cancellationToken);
        using var node = Process.Start(new ProcessStartInfo("node", [script, $"{jobs}", $"{inFlight}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["PEER_DATABASE_URL"] = Url(address) },
        }) ?? throw new InvalidOperationException("node could not be started");
        var said = await node.StandardOutput.ReadToEndAsync(cancellationToken);
        await node.WaitForExitAsync(cancellationToken);
        return node.ExitCode == 0 && double.TryParse(said.Trim(), CultureInfo.InvariantCulture, out var seconds)
            ? jobs / seconds
            : throw new InvalidOperationException($"{name} ended with {node.ExitCode} and said: {said}");
    }

    private static string Url(NpgsqlConnectionStringBuilder address)
    {
        var user = Uri.EscapeDataString(address.Username ?? "postgres");
        var password = address.Password is { Length: > 0 } secret ? ":" + Uri.EscapeDataString(secret) : "";
        return string.Create(CultureInfo.InvariantCulture, $"postgres://{user}{password}@{address.Host}:{address.Port}/{address.Database}");
    }
}

/// <summary>The database of a peer, made anew for each burn-down.</summary>
internal sealed class PeerDatabase(string name, string connectionString)
{
    private string Database => $"bench_{name.Replace('-', '_')}";

    public async Task<NpgsqlConnectionStringBuilder> CreateAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using (var drop = source.CreateCommand($"drop database if exists {Database} with (force)"))
            await drop.ExecuteNonQueryAsync(cancellationToken);
        await using var create = source.CreateCommand($"create database {Database} template template0 encoding 'UTF8'");
        await create.ExecuteNonQueryAsync(cancellationToken);
        return new NpgsqlConnectionStringBuilder(connectionString) { Database = Database };
    }
}

/// <summary>Those that are at hand.</summary>
internal static class Peers
{
    /// <param name="folder">With the scripts of other languages.</param>
    public static IReadOnlyList<IPeer> In(DirectoryInfo? folder, string connectionString)
    {
        List<IPeer> peers = [];
        if (folder is not null)
        {
            peers.Add(new PeerQueue("graphile-worker", Path.Combine(folder.FullName, "graphile.mjs"), connectionString));
            peers.Add(new PeerQueue("pg-boss", Path.Combine(folder.FullName, "pgboss.mjs"), connectionString));
        }

        peers.Add(new HangfirePeer(connectionString));
        return peers;
    }
}
