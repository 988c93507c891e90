using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Harmony.Tests.Faults;

/// <summary>A PostgreSQL of the test's own, which may be taken down and brought back.</summary>
internal sealed class PrivateCluster : IAsyncDisposable
{
    // Laid out and named as scripts/lib/throwaway.sh does it, which removes what a killed run left.
    private readonly string _folder;
    private readonly int _port = FreePort();
    // postgres refuses to run as root.
    private readonly string? _owner = Environment.UserName != "root" ? null
        : File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres"
        : "nobody";

    private PrivateCluster(string folder) => _folder = folder;

    public string Address => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = "harmony",
        Database = "postgres",
    }.ConnectionString;

    private string Data => Path.Combine(_folder, "cluster", "data");

    private static string Programs => Environment.GetEnvironmentVariable("HARMONY_PG_BIN")
        ?? throw new InvalidOperationException("HARMONY_PG_BIN is not set: run scripts/test, which finds PostgreSQL's programs.");

    public static async Task<PrivateCluster> StartAsync()
    {
        // Not TMPDIR: a folder of the caller's own may be closed to the user that postgres runs as.
        var cluster = new PrivateCluster(Path.Combine("/tmp", $"harmony-pg-{Guid.CreateVersion7():n}"));
        Directory.CreateDirectory(Path.Combine(cluster._folder, "cluster"));
        await File.WriteAllTextAsync(Path.Combine(cluster._folder, "owner"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        if (cluster._owner is not null)
        {
            await RunAsync("chmod", "711", cluster._folder);
            await RunAsync("chown", cluster._owner, Path.Combine(cluster._folder, "cluster"));
        }

        await cluster.AsOwnerAsync("initdb", "-D", cluster.Data, "-E", "UTF8", "--locale=C", "-U", "harmony", "--auth=trust", "-N");
        await cluster.UpAsync();
        return cluster;
    }

    public Task UpAsync() => AsOwnerAsync(
        "pg_ctl", "-D", Data, "-s", "-w", "-l", Path.Combine(_folder, "cluster", "log"), "-o",
        $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c jit=off", "start");

    /// <summary>As after a crash: no checkpoint, no goodbye.</summary>
    public Task DownAsync() => AsOwnerAsync("pg_ctl", "-D", Data, "-s", "-w", "-m", "immediate", "stop");

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await DownAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Task AsOwnerAsync(string program, params string[] arguments) => _owner is null
        ? RunAsync(Path.Combine(Programs, program), arguments)
        : RunAsync("runuser", ["-u", _owner, "--", Path.Combine(Programs, program), .. arguments]);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Its output goes nowhere: a server that pg_ctl leaves behind would hold a pipe open for ever.
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", program, .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.AreEqual(0, process.ExitCode, $"{program} {string.Join(' ', arguments)}");
    }

    // Outside the range that outgoing connections are given: it must still be free when the server comes back.
    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(15_000, 30_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one.
            }
        }
    }
}
