using System.Globalization;
using System.Net;
using Harmony.Api.Access;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Tests.Pure;

/// <summary>Guessing gets slower and slower, and costs us nothing; whoever has been in before does not notice.</summary>
[TestClass]
public sealed class LockoutTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Lockout _lockout;

    public LockoutTests() => _lockout = new(_clock);

    [TestMethod]
    public void Waits_double_after_the_free_attempts()
    {
        var waits = new List<double>();
        for (var i = 0; i < 16; i++)
        {
            _lockout.Failed("a");
            waits.Add(Wait("a"));
            _clock.Advance(TimeSpan.FromSeconds(waits[^1]));
            Assert.AreEqual(0, Wait("a"), "a wait ends");
        }

        CollectionAssert.AreEqual(new double[] { 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300 }, waits);
        Assert.AreEqual(TimeSpan.FromMinutes(5), Lockout.WaitAfter(int.MaxValue));
    }

    [TestMethod]
    public void Other_addresses_do_not_wait()
    {
        Fail("a", 6);

        Assert.AreEqual(2, Wait("a"));
        Assert.AreEqual(0, Wait("b"));
    }

    [TestMethod]
    public void A_success_resets_the_failures()
    {
        Fail("a", 6);
        _clock.Advance(TimeSpan.FromSeconds(2));

        _lockout.Succeeded("a", "right");
        Fail("a", 4);

        Assert.AreEqual(0, Wait("a"));
    }

    [TestMethod]
    public void A_key_accepted_from_an_address_stays_accepted()
    {
        _lockout.Succeeded("office", "the poller's key");
        Fail("office", 9);

        Assert.IsNull(_lockout.WaitFor("office", "the poller's key"));
        Assert.AreEqual(16, Wait("office"));
        Assert.IsNotNull(_lockout.WaitFor("office", "another"), "only that one");
        Fail("elsewhere", 9);
        Assert.IsNotNull(_lockout.WaitFor("elsewhere", "the poller's key"), "and only there");
    }

    [TestMethod]
    public void Repeated_success_resets_no_failures()
    {
        _lockout.Succeeded("a", "mine");
        for (var i = 0; i < 6; i++)
        {
            _lockout.Failed("a");
            _lockout.Succeeded("a", "mine");
        }

        Assert.AreEqual(2, Wait("a"));
    }

    [TestMethod]
    public void Failures_expire_after_fifteen_minutes()
    {
        Fail("a", 8);
        _clock.Advance(TimeSpan.FromMinutes(15));
        _lockout.Failed("a");

        Assert.AreEqual(0, Wait("a"));
    }

    [TestMethod]
    public void The_oldest_address_is_forgotten_at_the_limit()
    {
        Fail("first", 9);
        Fail("second", 9);
        for (var i = 0; i < Lockout.MostAddresses - 1; i++)
            _lockout.Failed(i.ToString(CultureInfo.InvariantCulture));

        Assert.AreEqual(Lockout.MostAddresses, _lockout.Remembered);
        Assert.AreEqual(0, Wait("first"));
        Assert.AreEqual(16, Wait("second"));
    }

    [TestMethod]
    [DataRow("192.0.2.7", "192.0.2.7")]
    [DataRow("::ffff:192.0.2.7", "192.0.2.7")]
    [DataRow("2001:db8:1:2:3:4:5:6", "20010DB800010002/64")]
    [DataRow("2001:db8:1:2:ffff::1", "20010DB800010002/64")]
    [DataRow("2001:db8:1:3::1", "20010DB800010003/64")]
    public void An_IPv6_address_counts_by_its_network(string address, string counted) =>
        Assert.AreEqual(counted, ClientAddress.Of(IPAddress.Parse(address)));

    private void Fail(string address, int times)
    {
        for (var i = 0; i < times; i++)
            _lockout.Failed(address);
    }

    private double Wait(string address) => _lockout.WaitFor(address, "a guess")?.TotalSeconds ?? 0;
}
