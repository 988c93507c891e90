using Harmony.Api.Access;
using Harmony.Api.Configuration;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class AccessTests
{
    private static readonly EngineNames Names = new(new Dictionary<string, int>(), new Dictionary<string, string>());

    [TestMethod]
    [DataRow(true, false, null, true, false)]
    [DataRow(true, true, null, false, false)]
    [DataRow(true, false, true, false, true)]
    [DataRow(true, true, true, false, false)]
    [DataRow(false, false, true, false, true)]
    [DataRow(false, true, true, false, false)]
    [DataRow(true, false, false, true, false)]
    [DataRow(true, true, false, true, false)]
    [DataRow(false, true, null, false, false)]
    public void Address_keys_and_setting_decide_the_access_mode(bool loopback, bool keys, bool? required, bool open, bool misconfigured) =>
        Assert.AreEqual(new AccessMode(open, misconfigured), AccessMode.Decide(loopback, keys, required));

    [TestMethod]
    [DataRow(false, null)]
    [DataRow(false, false)]
    [DataRow(true, false)]
    public void Beyond_loopback_open_mode_is_never_allowed(bool keys, bool? required) =>
        Assert.IsNull(AccessMode.Decide(loopback: false, keys, required));

    [TestMethod]
    public void A_key_has_a_name_and_role_or_neither()
    {
        var ring = Ring("ann:viewer:k-ann-000000000000, bob:operator:k:b:ob\nk-bare-00000000000\ncyd:read_only:k-cyd");

        Assert.IsEmpty(ring.Problems);
        Assert.AreEqual(new Account("ann", Role.Viewer, false), ring.Find("k-ann-000000000000"));
        Assert.AreEqual(new Account("bob", Role.Operator, false), ring.Find("k:b:ob"));
        Assert.AreEqual(Role.Admin, ring.Find("k-bare-00000000000")?.Role);
        Assert.AreEqual(Role.Viewer, ring.Find("k-cyd")?.Role);
        Assert.IsNull(ring.Find("k-ann-00000000000"));
        Assert.IsNull(ring.Find(""));
    }

    [TestMethod]
    [DataRow("ann:emperor:key-1234567890")]
    [DataRow("ann:key-1234567890")]
    [DataRow(":viewer:key-1234567890")]
    [DataRow("ann:viewer:")]
    [DataRow("ann:viewer:with space")]
    [DataRow("ann:viewer:one,ann:viewer:two")]
    public void A_malformed_key_fails_the_start_and_is_hidden(string keys)
    {
        var problem = Ring(keys).Problems.Single();

        Assert.AreEqual(ExitCode.Malformed, problem.Code);
        Assert.DoesNotContain("1234567890", problem.ToString(), StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_weak_key_is_refused_beyond_loopback_only()
    {
        var here = Settings.From(new Dictionary<string, string> { ["HARMONY_API_KEY"] = "changeme" }, new Dictionary<string, string>(), Names);
        var there = Settings.From(new Dictionary<string, string> { ["HARMONY_API_KEY"] = "changeme", ["HOST"] = "0.0.0.0" }, new Dictionary<string, string>(), Names);

        Assert.IsFalse(AccessMode.Decide(here, new(here)).Open);
        var refusal = Assert.ThrowsExactly<StartupException>(() => AccessMode.Decide(there, new(there)));
        Assert.AreEqual(ExitCode.Missing, refusal.Code);
    }

    [TestMethod]
    public void The_prod_profile_requires_keys_on_loopback()
    {
        var settings = Settings.From(new Dictionary<string, string> { ["HARMONY_PROFILE"] = "live" }, new Dictionary<string, string>(), Names);

        Assert.AreEqual(new AccessMode(Open: false, Misconfigured: true), AccessMode.Decide(settings, new(settings)));
    }

    [TestMethod]
    [DataRow("127.0.0.1", true)]
    [DataRow("127.9.9.9", true)]
    [DataRow("::1", true)]
    [DataRow("localhost", true)]
    [DataRow("0.0.0.0", false)]
    [DataRow("::", false)]
    [DataRow("192.168.1.2", false)]
    [DataRow("music.example", false)]
    public void Only_loopback_addresses_are_loopback(string host, bool loopback) => Assert.AreEqual(loopback, AccessMode.IsLoopback(host));

    private static ApiKeyStore Ring(string keys) =>
        new(Settings.From(new Dictionary<string, string> { ["HARMONY_API_KEYS"] = keys }, new Dictionary<string, string>(), Names));
}
