using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Api.Cli;
using Harmony.Api.Configuration;
using Harmony.Api.Hosting;
using Harmony.Sandbox;
using Harmony.Tests.Postgres;
using Harmony.Tests.Providers;

namespace Harmony.Tests.Walks;

/// <summary><c>harmony selfcheck</c> against a real database and an slskd that answers as the real one does.</summary>
[TestClass]
public sealed class SelfCheckTests
{
    private const string WrongKey = "wrong-key-of-slskd-0001";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harmony-selfcheck-");
    private TestDatabase _database = null!;
    private SandboxRig _sandbox = null!;

    public TestContext TestContext { get; set; } = null!;

    [TestInitialize]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _sandbox = await SandboxRig.StartAsync(TestContext.CancellationToken);
    }

    [TestCleanup]
    public async Task StopAsync()
    {
        await _sandbox.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    public async Task A_refused_slskd_key_is_named_but_never_shown()
    {
        var (code, output) = await RunAsync("--assert-startup", ("SLSKD_API_KEY", WrongKey));

        Assert.AreEqual(69, code, output);
        Assert.Contains("69 SLSKD_API_KEY: slskd refuses the key.", output, StringComparison.Ordinal);
        Assert.Contains("web.authentication.api_keys", output, StringComparison.Ordinal);
        Assert.DoesNotContain(WrongKey, output, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Without_a_flag_slskd_is_not_asked()
    {
        var (code, output) = await RunAsync(null, ("SLSKD_API_KEY", WrongKey));

        Assert.AreEqual((0, "ok"), (code, output.Trim()));
    }

    [TestMethod]
    public async Task A_lost_login_to_Soulseek_is_a_warning()
    {
        await _sandbox.SlskdAsync(HttpMethod.Delete, "/server", "bye");

        var (code, output) = await RunAsync("--assert-startup");

        Assert.AreEqual(0, code, output);
        Assert.Contains("warning SLSKD_BASE_URL: slskd is not logged in to Soulseek.", output, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task An_slskd_without_batches_is_refused()
    {
        await FaultAsync("GET /api/v0/application/version", ("status", 200), ("body", "\"0.24.1\""));

        var (code, output) = await RunAsync("--assert-startup");

        Assert.AreEqual(69, code, output);
        Assert.Contains("69 SLSKD_BASE_URL: slskd is version 0.24.1", output, StringComparison.Ordinal);
        Assert.Contains("0.26", output, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("html", null)]
    [DataRow("status", 404)]
    public async Task Another_program_at_the_address_is_recognised(string kind, int? status)
    {
        await _sandbox.FaultAsync(_sandbox.Host.SlskdUrl, new JsonObject { ["match"] = "GET /api/v0/**", ["kind"] = kind, ["status"] = status });

        var (code, output) = await RunAsync("--assert-startup");

        Assert.AreEqual(69, code, output);
        Assert.Contains($"69 SLSKD_BASE_URL: {_sandbox.Host.SlskdUrl}/ answers, but ", output, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Verbose_prints_one_line_per_check()
    {
        var (code, output) = await RunAsync("--verbose");

        Assert.AreEqual(0, code, output);
        foreach (var line in (string[])["ok MUSIC_DIR: /", "ok MUSIC_DIR: the disk of /", "ok DOWNLOADS_DIR: /", "ok DOWNLOADS_DIR: slskd sees ", "ok HARMONY_KEYS_DIR: ", "ok SLSKD_BASE_URL: slskd 0.26.0 ", "ok SLSKD_API_KEY: ", "ok DATABASE_URL: "])
            Assert.ContainsSingle(l => l.StartsWith(line, StringComparison.Ordinal), output.Split('\n'), line + output);
    }

    [TestMethod]
    public async Task A_file_proves_that_slskd_writes_to_our_folder()
    {
        var landed = Path.Combine(_sandbox.Host.DownloadsDirectory, "harmony", "1-1", "song.flac");
        Directory.CreateDirectory(Path.GetDirectoryName(landed)!);
        await File.WriteAllTextAsync(landed, "audio");

        var (code, output) = await RunAsync("--verbose");

        Assert.AreEqual(0, code, output);
        Assert.Contains("slskd sees a file that Harmony wrote to ", output, StringComparison.Ordinal);
        Assert.Contains("Harmony can read harmony/1-1/song.flac", output, StringComparison.Ordinal);
        CollectionAssert.AreEqual(new[] { landed }, Directory.GetFiles(_sandbox.Host.DownloadsDirectory, "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    [DataRow("DOWNLOADS_DIR")]
    [DataRow("SLSKD_DOWNLOADS_DIR")]
    public async Task A_folder_slskd_does_not_write_to_is_refused(string name)
    {
        var ours = _folder.CreateSubdirectory("downloads").FullName;

        var (code, output) = await RunAsync("--assert-startup", (name, ours));

        Assert.AreEqual(71, code, output);
        Assert.Contains($"71 {name}: slskd does not see a file that Harmony wrote to {ours}", output, StringComparison.Ordinal);
        Assert.Contains($"slskd writes to {_sandbox.Host.DownloadsDirectory}", output, StringComparison.Ordinal);
        Assert.IsEmpty(Directory.GetFileSystemEntries(ours));
    }

    [TestMethod]
    public async Task An_slskd_set_to_another_folder_is_recognised()
    {
        await _sandbox.FaultAsync(_sandbox.Host.SlskdUrl, new JsonObject { ["kind"] = "otherFolder" });

        var (code, output) = await RunAsync("--assert-startup");

        Assert.AreEqual(71, code, output);
        Assert.Contains($"slskd writes to {_sandbox.Host.DownloadsDirectory}-other", output, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_folder_below_that_of_slskd_is_recognised()
    {
        var below = Directory.CreateDirectory(Path.Combine(_sandbox.Host.DownloadsDirectory, "music")).FullName;

        var (code, output) = await RunAsync("--assert-startup", ("DOWNLOADS_DIR", below));

        Assert.AreEqual(71, code, output);
        Assert.Contains("slskd sees it as music/harmony-selfcheck-", output, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(401)]
    [DataRow(403)]
    public async Task A_listing_that_slskd_refuses_proves_nothing(int status)
    {
        await FaultAsync("GET /api/v0/files/**", ("status", status));

        var (code, output) = await RunAsync("--assert-startup");

        Assert.AreEqual(0, code, output);
        Assert.Contains($"warning DOWNLOADS_DIR: it could not be proved that slskd writes to {_sandbox.Host.DownloadsDirectory}: slskd ", output, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_nearly_full_disk_is_a_warning_with_figures()
    {
        var (code, output) = await RunAsync("--assert-startup", ("MIN_FREE_DISK_MB", "100000000"));

        Assert.AreEqual(0, code, output);
        Assert.MatchesRegex(@"warning DOWNLOADS_DIR: /\S+ has [\d,]+ MB left, 100,000,000 are kept free", output);
        Assert.MatchesRegex(@"warning MUSIC_DIR: /\S+ has [\d,]+ MB left, 100,000,000 are kept free", output);
    }

    [TestMethod]
    public async Task Free_space_may_be_left_unchecked()
    {
        var (_, output) = await RunAsync("--verbose", ("MIN_FREE_DISK_MB", "0"));

        Assert.DoesNotContain("MB left", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> RunAsync(string? flag, params (string Name, string Value)[] but)
    {
        var environment = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = _database.ConnectionString,
            ["SPOTIFY_CLIENT_ID"] = "client",
            ["SPOTIFY_CLIENT_SECRET"] = "client-secret",
            ["SLSKD_API_KEY"] = SandboxOptions.SlskdApiKey,
            ["SLSKD_BASE_URL"] = _sandbox.Host.SlskdUrl,
            ["DOWNLOADS_DIR"] = _sandbox.Host.DownloadsDirectory,
            ["MUSIC_DIR"] = _folder.CreateSubdirectory("music").FullName,
            ["HARMONY_KEYS_DIR"] = Path.Combine(_folder.FullName, "keys"),
        };
        foreach (var (name, value) in but)
            environment[name] = value;
        var settings = Settings.From(environment, new Dictionary<string, string>(), HarmonySetup.Names);
        await using var output = new StringWriter(CultureInfo.InvariantCulture);
        var code = await SelfcheckVerb.Make(() => settings).Parse(flag is null ? [] : [flag])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output }, TestContext.CancellationToken);
        return (code, output.ToString());
    }

    private Task FaultAsync(string match, params (string Name, JsonNode Value)[] rule)
    {
        var node = new JsonObject { ["match"] = match, ["kind"] = "status" };
        foreach (var (name, value) in rule)
            node[name] = value;
        return _sandbox.FaultAsync(_sandbox.Host.SlskdUrl, node);
    }
}
