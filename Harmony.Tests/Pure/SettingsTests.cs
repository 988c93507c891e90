using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Hosting;
using Harmony.Orchestrator;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class SettingsTests
{
    private static readonly EngineNames Names = new(
        new Dictionary<string, int> { ["download"] = 8, ["artists"] = 4, ["watchlist"] = 2 },
        new Dictionary<string, string> { ["download"] = "download", ["transfer_poll"] = "download", ["artist_sync"] = "artists", ["artist_scan"] = "watchlist", ["artist_refresh"] = "watchlist", ["watchlist_tick"] = "watchlist" });

    [TestMethod]
    public void The_process_wins_over_file_and_default()
    {
        var settings = Read(new() { ["PORT"] = "1" }, new() { ["PORT"] = "2", ["HOST"] = "::1" });

        Assert.AreEqual(1, settings.Get(HostKeys.Port));
        Assert.AreEqual("::1", settings.Get(HostKeys.Host));
        Assert.AreEqual("/api/v1", settings.Get(HostKeys.BasePath));
    }

    [TestMethod]
    public void An_empty_variable_counts_as_unset()
    {
        var settings = Read(new() { ["PORT"] = "", ["HOST"] = "" }, new() { ["PORT"] = "9" });

        Assert.AreEqual(9, settings.Get(HostKeys.Port));
        Assert.IsFalse(settings.Has(HostKeys.Host));
        Assert.IsEmpty(settings.Problems);
    }

    [TestMethod]
    public void An_older_name_still_works() =>
        Assert.AreEqual(81, Read(new() { ["APP_PORT"] = "81" }).Get(HostKeys.Port));

    [TestMethod]
    [DataRow("true", true)]
    [DataRow("1", true)]
    [DataRow("YES", true)]
    [DataRow("on", true)]
    [DataRow("False", false)]
    [DataRow("0", false)]
    [DataRow("no", false)]
    [DataRow("off", false)]
    public void A_flag_accepts_eight_words(string text, bool expected) =>
        Assert.AreEqual(expected, Read(new() { ["ENABLE_LYRICS"] = text }).Get(ProviderKeys.EnableLyrics));

    [TestMethod]
    [DataRow("ENABLE_LYRICS", "ja")]
    [DataRow("PORT", "65536")]
    [DataRow("PORT", "8080x")]
    [DataRow("DATABASE_URL", "mysql://localhost/harmony")]
    [DataRow("SPOTIFY_API_BASE_URL", "ftp://example.org")]
    [DataRow("SLSKD_SEARCH_BUDGET", "35/220")]
    [DataRow("SLSKD_SEARCH_BUDGET", "10/60")]
    [DataRow("TRUSTED_PROXIES", "10.0.0.0/33")]
    [DataRow("HARMONY_HANGFIRE_SCHEMA", "hang-fire")]
    [DataRow("HARMONY_HANGFIRE_SCHEMA", "_hangfire")]
    [DataRow("HARMONY_HANGFIRE_SCHEMA", "a23456789012345678901234567890123456789012")]
    [DataRow("AUTH_ALLOWLIST", "/")]
    [DataRow("AUTH_ALLOWLIST", "/live,//")]
    [DataRow("SLSKD_HOST", "http://slskd")]
    [DataRow("SLSKD_HOST", "slskd:5030")]
    [DataRow("HEALTH_DEPS", "spotify,plex")]
    [DataRow("INTEGRATIONS_ENABLED", "spotify,plex")]
    [DataRow("SLSKD_PREFERRED_FORMATS", "FLAC,VHS")]
    [DataRow("SLSKD_PREFERRED_FORMATS", ",")]
    [DataRow("WATCHLIST_INTERVAL", "daily")]
    [DataRow("WATCHLIST_TIMER_INTERVAL_S", "NaN")]
    [DataRow("HARMONY_ROLES", "api,cook")]
    [DataRow("ORCH_VISIBILITY_TIMEOUT_S", "4")]
    [DataRow("ORCH_POOL_DOWNLOAD", "many")]
    [DataRow("RETRY_DOWNLOAD_JITTER_PCT", "101")]
    public void A_malformed_value_is_named(string name, string value)
    {
        var problem = Read(new() { [name] = value }).Problems.Single();

        Assert.AreEqual(ExitCode.Malformed, problem.Code);
        Assert.AreEqual(name, problem.Component);
        Assert.AreNotEqual("", problem.Fix);
    }

    [TestMethod]
    public void The_value_of_a_secret_is_never_shown()
    {
        var problem = Read(new() { ["DATABASE_URL"] = "hunter2-and-more" }).Problems.Single();

        Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("SLSKD_BASE_URL", "http://ann:hunter2@slskd:5030")]
    [DataRow("SLSKD_BASE_URL", "http://slskd:5030/?apikey=hunter2")]
    [DataRow("SLSKD_BASE_URL", "ann:hunter2@slskd:5030")]
    [DataRow("SLSKD_BASE_URL", "slskd:5030?apikey=hunter2")]
    [DataRow("SPOTIFY_API_BASE_URL", "https://ann:p/a?s@hunter2@api.example")]
    [DataRow("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example/?token=hunter2")]
    [DataRow("ALLOWED_ORIGINS", "https://fine.example,https://ann:hunter2@music.example")]
    [DataRow("SCHEDULE_DOWNLOAD_SWEEP_ARGS", "{\"token\": \"hunter2\"")]
    public void A_value_that_can_hold_secrets_is_hidden(string name, string value)
    {
        var problem = Settings.From(new Dictionary<string, string> { [name] = value }, new Dictionary<string, string>(), HarmonySetup.Names).Problems.Single();

        Assert.AreEqual(name, problem.Component);
        Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_refused_address_names_the_forbidden_parts() =>
        Assert.Contains("without user name, password, query", Read(new() { ["SLSKD_BASE_URL"] = "http://ann:x@slskd" }).Problems.Single().Fix, StringComparison.Ordinal);

    [TestMethod]
    public void A_secret_too_short_to_mask_warns()
    {
        Assert.Contains("SLSKD_API_KEY", Read(new() { ["SLSKD_API_KEY"] = "12345" }).Warnings.Single(), StringComparison.Ordinal);
        Assert.IsEmpty(Read(new() { ["SLSKD_API_KEY"] = "123456" }).Warnings);
    }

    [TestMethod]
    public void A_secret_may_come_from_a_file()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "from-a-file\n");
        try
        {
            var settings = Read(new() { ["SLSKD_API_KEY_FILE"] = path });

            Assert.AreEqual("from-a-file", settings.Get(ProviderKeys.SlskdApiKey));
            Assert.Contains("from-a-file", settings.SecretValues);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void A_duplicate_or_missing_secret_file_fails_the_start()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "x");
        try
        {
            foreach (var name in new[] { "SLSKD_API_KEY", "HANGFIRE_DASHBOARD_PASSWORD", "DATABASE_URL" })
                Assert.Contains($"{name}: is given, and so is {name}_FILE", Read(new() { [name] = "y", [$"{name}_FILE"] = path }).Problems[0].ToString(), StringComparison.Ordinal);
            Assert.IsEmpty(Read(new() { ["HARMONY_API_KEYS"] = "y", ["HARMONY_API_KEYS_FILE"] = path }).Problems, "keys add up");
        }
        finally
        {
            File.Delete(path);
        }

        Assert.AreEqual(ExitCode.Missing, Read(new() { ["SLSKD_API_KEY_FILE"] = path }).Problems.Single().Code);
    }

    [TestMethod]
    public void A_partial_override_of_widths_keeps_every_other_default()
    {
        var widths = Read(new() { ["ORCH_POOL_DOWNLOAD"] = "3" }).Families.Widths;

        Assert.AreEqual(3, widths["download"]);
        Assert.AreEqual(4, widths["artists"]);
    }

    [TestMethod]
    [DataRow("ORCH_POOL_SYNC", "download")]
    [DataRow("ORCH_POOL_ARTIST_SYNC", "artists")]
    [DataRow("ORCH_POOL_ARTIST_DELTA", "watchlist")]
    [DataRow("ORCH_POOL_ARTIST_SCAN", "watchlist")]
    [DataRow("ORCH_POOL_ARTIST_REFRESH", "watchlist")]
    [DataRow("ORCH_POOL_WATCHLIST", "watchlist")]
    [DataRow("ARTIST_POOL_CONCURRENCY", "artists")]
    [DataRow("WATCHLIST_MAX_CONCURRENCY", "watchlist")]
    [DataRow("ORCH_POOL_TRANSFER_POLL", "download")]
    public void A_width_accepts_a_kind_or_old_name(string name, string lane) =>
        Assert.AreEqual(7, Read(new() { [name] = "7" }).Families.Widths[lane]);

    [TestMethod]
    public void An_old_name_warns()
    {
        Assert.HasCount(1, Read(new() { ["ORCH_POOL_SYNC"] = "7" }).Warnings);
        Assert.IsEmpty(Read(new() { ["ORCH_POOL_DOWNLOAD"] = "7" }).Warnings);
    }

    [TestMethod]
    [DataRow("ORCH_POOL_DOWNLAOD")]
    [DataRow("RETRY_DOWNLAOD_MAX_ATTEMPTS")]
    [DataRow("RETRY_DOWNLOAD_MAX_TRIES")]
    public void An_unknown_lane_or_kind_fails_the_start(string name)
    {
        var problem = Read(new() { [name] = "3" }).Problems.Single();

        Assert.AreEqual(ExitCode.Missing, problem.Code);
        Assert.AreEqual(name, problem.Component);
    }

    [TestMethod]
    public void Retries_of_one_kind_are_read_together()
    {
        var retry = Read(new() { ["RETRY_SYNC_MAX_ATTEMPTS"] = "2", ["RETRY_DOWNLOAD_BASE_SECONDS"] = "0.5", ["RETRY_DOWNLOAD_JITTER_PCT"] = "20" })
            .Families.Retries["download"];

        Assert.AreEqual(new RetryOverride(2, TimeSpan.FromSeconds(0.5), 0.2, null), retry);
    }

    [TestMethod]
    [DataRow("RETRY_MATCHING_BASE_SECONDS")]
    [DataRow("RETRY_RETRY_MAX_ATTEMPTS")]
    [DataRow("ORCH_POOL_IMPORT")]
    public void A_predecessors_job_without_a_kind_warns(string name)
    {
        var settings = Read(new() { [name] = "3" });

        Assert.IsEmpty(settings.Problems);
        Assert.Contains(name, settings.Warnings.Single(), StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("WATCHLIST_DB_IO_MODE")]
    [DataRow("PLEX_URL")]
    [DataRow("IDEMPOTENCY_BACKEND")]
    public void A_retired_name_warns_without_effect(string name)
    {
        var settings = Read(new() { [name] = "thread" });

        Assert.IsEmpty(settings.Problems);
        Assert.HasCount(1, settings.Warnings);
        Assert.Contains(name, settings.Warnings[0], StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_dotenv_file_supports_comments_quotes_and_export()
    {
        var values = DotEnvFile.Parse(["# a comment", "A=1", "export B = two ", "C='s p # x'", "D=\"line\\nnext\"", "E=a#b # note", "F=", "=x", "nonsense"]);

        Assert.AreEqual("1", values["A"]);
        Assert.AreEqual("two", values["B"]);
        Assert.AreEqual("s p # x", values["C"]);
        Assert.AreEqual("line\nnext", values["D"]);
        Assert.AreEqual("a#b", values["E"]);
        Assert.AreEqual("", values["F"]);
        Assert.HasCount(6, values);
    }

    private static Settings Read(Dictionary<string, string> process, Dictionary<string, string>? dotEnv = null) =>
        Settings.From(process, dotEnv ?? [], Names);
}
