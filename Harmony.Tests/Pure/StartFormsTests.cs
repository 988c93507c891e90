using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Hosting;
using Harmony.Api.Startup;

namespace Harmony.Tests.Pure;

/// <summary>What stops a start by its form stops the self-check, too: same name, same reason, same code.</summary>
[TestClass]
internal sealed class StartFormsTests
{
    [TestMethod]
    [DataRow("PORT", "many", ExitCode.Malformed)]
    [DataRow("HOST", "music.example", ExitCode.Malformed)]
    [DataRow("HOST", "0.0.0.0", ExitCode.Missing, "HARMONY_API_KEYS")]
    [DataRow("AUTH_ALLOWLIST", "/", ExitCode.Malformed)]
    [DataRow("MOVE_TEMPLATE", "../{Title}.{ext}", ExitCode.Malformed)]
    [DataRow("MOVE_TEMPLATE", "{Artist}/{Singer}.{ext}", ExitCode.Malformed)]
    [DataRow("DLQ_PAGE_SIZE_DEFAULT", "101", ExitCode.Malformed)]
    [DataRow("ORCH_POLL_INTERVAL_MAX_MS", "199", ExitCode.Malformed)]
    [DataRow("HANGFIRE_DASHBOARD_USER", "ann", ExitCode.Missing, "HANGFIRE_DASHBOARD_PASSWORD")]
    [DataRow("SLSKD_API_KEY_FILE", "/no/such/file", ExitCode.Missing)]
    [DataRow("RETRY_DOWNLAOD_BASE_SECONDS", "3", ExitCode.Missing)]
    [DataRow("SCHEDULE_NOOP", "every day", ExitCode.Malformed)]
    [DataRow("ORCH_PRIORITY_CSV", "search", ExitCode.Malformed)]
    [DataRow("HANGFIRE_QUEUES", "mail,download_b", ExitCode.Malformed)]
    [DataRow("HANGFIRE_QUEUES", "parked", ExitCode.Malformed)]
    public void Serve_and_selfcheck_report_the_same_problems(string name, string value, ExitCode code, string? blamed = null)
    {
        var settings = Read((name, value));

        var found = new SelfCheck(settings, TimeProvider.System).Form();
        var refusal = Assert.ThrowsExactly<StartupException>(() => HarmonyHost.Build(settings));

        Assert.AreEqual((blamed ?? name, code), (found[0].Component, found[0].Code));
        Assert.AreNotEqual("", found[0].Fix);
        Assert.AreEqual(string.Join('\n', found), string.Join('\n', refusal.Problems));
    }

    [TestMethod]
    [DataRow("localhost")]
    [DataRow("[::1]")]
    [DataRow("127.0.0.2")]
    public void A_host_may_be_localhost_or_an_address(string host) =>
        Assert.IsEmpty(new SelfCheck(Read(("HOST", host)), TimeProvider.System).Form());

    [TestMethod]
    public void A_template_may_start_with_the_library_path() =>
        Assert.IsEmpty(new SelfCheck(Read(("MUSIC_DIR", "/music"), ("MOVE_TEMPLATE", "/music/{Artist}/{Title}.{ext}")), TimeProvider.System).Form());

    [TestMethod]
    public void A_named_environment_file_must_exist()
    {
        var problem = Settings.FromSources(new Dictionary<string, string> { ["HARMONY_ENV_FILE"] = "/no/such/file" }, HarmonySetup.Names).Problems.Single();

        Assert.AreEqual(("HARMONY_ENV_FILE", ExitCode.Missing), (problem.Component, problem.Code));
    }

    // scripts/run names it where there is no .env.
    [TestMethod]
    public void An_empty_environment_file_is_allowed() =>
        Assert.IsEmpty(Settings.FromSources(new Dictionary<string, string> { ["HARMONY_ENV_FILE"] = "/dev/null" }, HarmonySetup.Names).Problems);

    [TestMethod]
    public void An_environment_file_cannot_name_another()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "HARMONY_ENV_FILE=/no/such/file\nPORT=81\n");
            var settings = Settings.FromSources(new Dictionary<string, string> { ["HARMONY_ENV_FILE"] = file }, HarmonySetup.Names);

            Assert.IsEmpty(settings.Problems);
            Assert.AreEqual(81, settings.Get(HostKeys.Port));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Settings Read(params (string Name, string Value)[] environment) =>
        Settings.From(environment.ToDictionary(e => e.Name, e => e.Value), new Dictionary<string, string>(), HarmonySetup.Names);
}
