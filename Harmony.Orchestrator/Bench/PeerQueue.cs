using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Harmony.Orchestrator.Bench;

/// <summary>Another product's queue, driven by a script of its own language, in a database of its own on the same cluster.</summary>
internal sealed class PeerQueue(string name, string script, string connectionString)
{
    private readonly NpgsqlConnectionStringBuilder _address = new(connectionString);

    public string Name => name;

    private string Database => $"bench_{name.Replace('-', '_')}";

    /// <summary>The scripts of a folder; none when there is no folder.</summary>
    public static IReadOnlyList<PeerQueue> In(DirectoryInfo? folder, string connectionString) => folder is null
        ? []
        :
        [
            new("graphile-worker", Path.Combine(folder.FullName, "graphile.mjs"), connectionString),
            new("pg-boss", Path.Combine(folder.FullName, "pgboss.mjs"), connectionString),
        ];

    /// <summary>Jobs per second, after a fill that is not counted.</summary>
    public async Task<double> BurnDownAsync(int jobs, int inFlight, CancellationToken ct)
    {
        await CreateDatabaseAsync(ct);
        using var node = Process.Start(new ProcessStartInfo("node", [script, $"{jobs}", $"{inFlight}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["PEER_DATABASE_URL"] = Url() },
        }) ?? throw new InvalidOperationException("node could not be started");
        var said = await node.StandardOutput.ReadToEndAsync(ct);
        await node.WaitForExitAsync(ct);
        return node.ExitCode == 0 && double.TryParse(said.Trim(), CultureInfo.InvariantCulture, out var seconds)
            ? jobs / seconds
            : throw new InvalidOperationException($"{name} ended with {node.ExitCode} and said: {said}");
    }

    private string Url()
    {
        var user = Uri.EscapeDataString(_address.Username ?? "postgres");
        var password = _address.Password is { Length: > 0 } secret ? ":" + Uri.EscapeDataString(secret) : "";
        return string.Create(CultureInfo.InvariantCulture, $"postgres://{user}{password}@{_address.Host}:{_address.Port}/{Database}");
    }

    private async Task CreateDatabaseAsync(CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using (var drop = source.CreateCommand($"drop database if exists {Database} with (force)"))
            await drop.ExecuteNonQueryAsync(ct);
        await using var create = source.CreateCommand($"create database {Database} template template0 encoding 'UTF8'");
        await create.ExecuteNonQueryAsync(ct);
    }
}
