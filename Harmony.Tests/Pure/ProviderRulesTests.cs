using System.Net;
using Harmony.Api.Configuration;
using Harmony.Api.Health;
using Harmony.Api.Hosting;
using Harmony.Api.Startup;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Providers.Health;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class ProviderRulesTests
{
    private static readonly string[] Integrated = ["spotify", "slskd"];

    [TestMethod]
    [DataRow(200, "ok")]
    [DataRow(204, "ok")]
    [DataRow(307, "ok")]
    [DataRow(404, "ok")]
    [DataRow(410, "ok")]
    [DataRow(400, "failed")]
    [DataRow(401, "failed")]
    [DataRow(403, "failed")]
    [DataRow(409, "failed")]
    [DataRow(429, "blocked")]
    [DataRow(500, "failed")]
    [DataRow(520, "failed")]
    public void A_status_code_maps_to_an_outcome(int status, string outcome) => Assert.AreEqual(outcome, CallOutcome.Of((HttpStatusCode)status));

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(1, 2)]
    [DataRow(3, 2)]
    [DataRow(100, 2)]
    public void A_call_is_tried_twice_at_most(int retries, int tries) => Assert.AreEqual(tries, new CallLimits(TimeSpan.Zero, retries, 0).Tries);

    [TestMethod]
    [DataRow("ok", "ok", "unknown", "ok")]
    [DataRow("ok", "disabled", "disabled", "ok")]
    [DataRow("ok", "ok", "blocked", "degraded")]
    [DataRow("ok", "fail", "unknown", "degraded")]
    [DataRow("blocked", "ok", "unknown", "degraded")]
    [DataRow("fail", "fail", "unknown", "down")]
    [DataRow("fail", "disabled", "unknown", "down")]
    [DataRow("blocked", "fail", "ok", "down")]
    public void Provider_statuses_combine_to_one_overall_status(string spotify, string slskd, string lyrics, string overall) =>
        Assert.AreEqual(overall, Overall.Of([State("spotify", spotify), State("slskd", slskd), State("lrclib", lyrics)], Integrated));

    [TestMethod]
    public void An_unused_provider_is_disabled_and_not_counted()
    {
        var until = DateTimeOffset.UnixEpoch;
        ProviderState[] states = [State("spotify", "ok"), State("slskd", "ok"), State("lrclib", "blocked") with { BlockedUntil = until }, State("artwork", "blocked") with { BlockedUntil = until }];

        var covers = IntegrationsView.Of(states, new DownloadOptions { EnableArtwork = true });
        var none = IntegrationsView.Of(states, new DownloadOptions());

        Assert.AreEqual("degraded ok,ok,disabled,blocked", $"{covers.Overall} {string.Join(',', covers.Providers.Select(p => p.Status))}");
        Assert.IsNull(covers.Providers[2].Details.BlockedUntil);
        Assert.AreEqual(until, covers.Providers[3].Details.BlockedUntil);
        Assert.AreEqual("ok", none.Overall);
    }

    [TestMethod]
    public void A_failure_has_the_code_of_its_error()
    {
        Assert.AreEqual("timeout", new CatalogueFailure("a:1", new ProviderException("a", "timeout", "late")).Code);
        Assert.AreEqual("blocked", new CatalogueFailure("a:1", new ProviderBlockedException("a", TimeSpan.FromSeconds(1), "slow down")).Code);
        Assert.AreEqual("not_found", new CatalogueFailure("a:1", new PermanentJobException("not_found", "no")).Code);
    }

    [TestMethod]
    public void Specific_keys_win_over_general_and_old_keys()
    {
        var options = RoomOptions.Providers(Read(
            ("EXTERNAL_TIMEOUT_MS", "1000"), ("PROVIDER_SPOTIFY_TIMEOUT_MS", "2000"), ("SPOTIFY_TIMEOUT_MS", "4000"), ("SLSKD_TIMEOUT_MS", "3000"),
            ("ARTWORK_HTTP_TIMEOUT", "5"), ("EXTERNAL_RETRY_MAX", "0"), ("SLSKD_RETRY_MAX", "3")));

        Assert.AreEqual("2 3 1 5", string.Join(' ', new[] { options.Spotify.Timeout, options.Slskd.Timeout, options.Lyrics.Timeout, options.Artwork.Timeout }.Select(t => t.TotalSeconds)));
        Assert.AreEqual((0, 3, 0), (options.Spotify.Retries, options.Slskd.Retries, options.Artwork.Retries));
    }

    [TestMethod]
    public void An_unknown_integration_fails_the_start()
    {
        var problem = new SelfCheck(Read(("INTEGRATIONS_ENABLED", "spotify,musicbrains")), TimeProvider.System).Form().Single();

        Assert.AreEqual(("INTEGRATIONS_ENABLED", ExitCode.Malformed), (problem.Component, problem.Code));
        Assert.Contains("spotify, slskd", problem.Fix, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_disabled_integration_needs_no_keys_or_schedules()
    {
        var settings = Read(("INTEGRATIONS_ENABLED", "slskd"));

        Assert.IsFalse(RoomOptions.SchedulesOf(settings).Any(s => s.Name == "watchlist_tick"));
        Assert.IsTrue(RoomOptions.SchedulesOf(Read()).Any(s => s.Name == "watchlist_tick"));
        Assert.IsFalse(RoomOptions.SchedulesOf(Read(("INTEGRATIONS_ENABLED", "slskd"), ("SCHEDULE_WATCHLIST_TICK", "0 * * * *"))).Any(s => s.Kind == "watchlist_tick"));
        Assert.IsTrue(RoomOptions.SchedulesOf(Read(("WATCHLIST_TIMER_ENABLED", "false"), ("SCHEDULE_WATCHLIST_TICK", "0 * * * *"))).Any(s => s.Kind == "watchlist_tick"));
        var found = await new SelfCheck(Read(("INTEGRATIONS_ENABLED", "spotify"), ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")), TimeProvider.System).FullAsync(CancellationToken.None);
        Assert.Contains("SPOTIFY_CLIENT_ID", found.Select(p => p.Component));
        Assert.DoesNotContain("SLSKD_API_KEY", found.Select(p => p.Component));
        Assert.DoesNotContain("SLSKD_BASE_URL", found.Select(p => p.Component));
    }

    [TestMethod]
    public void Readiness_cannot_depend_on_a_disabled_provider()
    {
        var problem = new SelfCheck(Read(("INTEGRATIONS_ENABLED", "spotify"), ("HEALTH_DEPS", "spotify,soulseek")), TimeProvider.System).Form().Single();

        Assert.AreEqual("HEALTH_DEPS", problem.Component);
        Assert.Contains("soulseek", problem.Message, StringComparison.Ordinal);
    }

    private static ProviderState State(string provider, string status) => new(provider, status, "", null, null, DateTimeOffset.UnixEpoch);

    private static Settings Read(params (string Name, string Value)[] values) =>
        Settings.From(values.ToDictionary(v => v.Name, v => v.Value), new Dictionary<string, string>(), HarmonySetup.Names);
}
