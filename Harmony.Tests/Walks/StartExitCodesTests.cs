using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Harmony.Tests.Postgres;
using Harmony.Tests.Providers;
using Harmony.Tests.Pure;

namespace Harmony.Tests.Walks;

/// <summary>The built program: how it ends when it cannot start, and that it starts with what its forerunners left.</summary>
[TestClass]
public sealed class StartExitCodesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-start-").FullName;

    public TestContext TestContext { get; set; } = null!;

    [TestCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("serve", "SLSKD_HOST", "http://slskd", 70, "SLSKD_BASE_URL")]
    [DataRow("selfcheck", "SLSKD_HOST", "http://slskd", 70, "SLSKD_BASE_URL")]
    [DataRow("serve", "SCHEDULE_NOOP", "* * * * * *", 70, "SCHEDULE_NOOP")]
    [DataRow("serve", "HOST", "0.0.0.0", 78, "HARMONY_API_KEYS=name:role:key")]
    [DataRow("selfcheck", "HOST", "0.0.0.0", 78, "HARMONY_API_KEYS=name:role:key")]
    [DataRow("serve", "HARMONY_ENV_FILE", "/no/such/file", 78, "Create it")]
    [DataRow("serve", "POSTGRES_WAIT_ATTEMPTS", "1", 69, "DATABASE_URL", "Start PostgreSQL")]
    public async Task The_exit_code_matches_the_problem(string verb, string name, string value, int code, params string[] said)
    {
        var (ended, output) = await RunAsync([verb], new() { [name] = value });

        Assert.AreEqual(code, ended, output);
        foreach (var word in said.Append(code == 69 ? "does not answer" : name))
            Assert.Contains(word, output, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("/no/such/folder", "does not exist. Create it")]
    // Root cannot write there either.
    [DataRow("/proc", "cannot be written")]
    public async Task An_unwritable_library_stops_the_start(string folder, string said)
    {
        var (ended, output) = await RunAsync(["serve"], new() { ["MUSIC_DIR"] = folder });

        Assert.AreEqual(71, ended, output);
        Assert.Contains($"harmony cannot start: MUSIC_DIR: {folder} {said}", output, StringComparison.Ordinal);
    }

    // The database does not answer either: the port is looked at first.
    [TestMethod]
    [DataRow("api,worker", "PORT")]
    [DataRow("worker", "METRICS_PORT")]
    public async Task A_taken_port_is_noticed_before_the_database(string roles, string name)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (ended, output) = await RunAsync(["serve"], new() { [name] = port, ["HARMONY_ROLES"] = roles });

        Assert.AreEqual(70, ended, output);
        Assert.AreEqual($"harmony cannot start: {name}: 127.0.0.1:{port} is taken by another program. Stop what listens there, or choose another {name}.", output);
    }

    [TestMethod]
    public async Task The_full_self_check_verifies_keys_folders_and_providers()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var sandbox = await SandboxRig.StartAsync(TestContext.CancellationToken);
        var whole = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = database.ConnectionString,
            ["SPOTIFY_CLIENT_ID"] = "client",
            ["SPOTIFY_CLIENT_SECRET"] = "client-secret",
            ["SLSKD_API_KEY"] = Harmony.Sandbox.SandboxOptions.SlskdApiKey,
            ["SLSKD_BASE_URL"] = sandbox.Host.SlskdUrl,
            ["DOWNLOADS_DIR"] = sandbox.Host.DownloadsDirectory,
            ["MUSIC_DIR"] = _folder,
        };

        await EndsAsync(whole, [], 0, "ok");
        await EndsAsync(whole, new() { ["SPOTIFY_CLIENT_ID"] = "" }, 78, "SPOTIFY_CLIENT_ID: is not set. Register an application");
        await EndsAsync(whole, new() { ["HARMONY_PROFILE"] = "prod" }, 78, "HARMONY_API_KEYS: is not set, and HARMONY_PROFILE demands one");
        await EndsAsync(whole, new() { ["SLSKD_DOWNLOADS_DIR"] = "/no/such/folder" }, 71, "SLSKD_DOWNLOADS_DIR: /no/such/folder does not exist. Create it");
        await EndsAsync(whole, new() { ["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/nothing" }, 69, "DATABASE_URL: the database does not answer");
        await EndsAsync(whole, new() { ["SLSKD_BASE_URL"] = "http://127.0.0.1:1" }, 69, "SLSKD_BASE_URL: nothing answers at http://127.0.0.1:1/");
    }

    [TestMethod]
    public async Task A_predecessors_environment_file_starts_with_warnings()
    {
        await using var database = await TestDatabase.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "old.env"), OriginEnv.Text);
        var environment = Environment(new()
        {
            ["HARMONY_ENV_FILE"] = "old.env",
            ["DATABASE_URL"] = database.ConnectionString,
            ["HARMONY_KEYS_DIR"] = "keys",
            ["PORT"] = "set below",
        });

        await using var host = await HarmonyProcess.Start(environment, _folder, "api,worker").ReadyAsync();

        foreach (var name in OriginEnv.Ignored)
            Assert.Contains(name, host.Output, StringComparison.Ordinal);
        await Until.SeenAsync(() => Task.FromResult(Directory.Exists(Path.Combine(_folder, "keys"))), there => there);
    }

    private async Task EndsAsync(Dictionary<string, string> whole, Dictionary<string, string> but, int code, string said)
    {
        var environment = new Dictionary<string, string>(whole);
        foreach (var (name, value) in but)
            environment[name] = value;
        var (ended, output) = await RunAsync(["selfcheck", "--assert-startup"], environment);

        Assert.AreEqual(code, ended, string.Create(CultureInfo.InvariantCulture, $"{said}: {output}"));
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> RunAsync(string[] words, Dictionary<string, string> environment)
    {
        await using var process = ChildProcess.Start("harmony.dll", words, Environment(environment), _folder);
        var code = await process.EndAsync(Patience);
        return (code, process.Output);
    }

    private Dictionary<string, string> Environment(Dictionary<string, string> values) => new(values)
    {
        ["DATABASE_URL"] = values.GetValueOrDefault("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing"),
        ["MUSIC_DIR"] = values.GetValueOrDefault("MUSIC_DIR", _folder),
        // Any free one: others run on this machine.
        ["PORT"] = values.GetValueOrDefault("PORT", "0"),
        ["HARMONY_LOG_LEVEL"] = "info",
    };
}
