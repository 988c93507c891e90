using System.Net;
using Harmony.Jobs.Providers.Artwork;
using Harmony.Orchestrator;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class ImageHostRuleTests
{
    private static readonly ImageHostRule Rule = new(new ArtworkOptions { AllowedHosts = ["covers.example.org"], AllowPrivate = ["127.0.0.1:9000"] });

    [TestMethod]
    [DataRow("https://i.scdn.co/image/ab67", "https://i.scdn.co/image/ab67")]
    [DataRow("https://image-cdn-ak.spotifycdn.com/x", "https://image-cdn-ak.spotifycdn.com/x")]
    [DataRow("https://ia800.us.archive.org/x", "https://ia800.us.archive.org/x")]
    [DataRow("http://coverartarchive.org/release/1/front", "https://coverartarchive.org/release/1/front")]
    [DataRow("https://covers.example.org/a.jpg", "https://covers.example.org/a.jpg")]
    [DataRow("http://127.0.0.1:9000/a.jpg", "http://127.0.0.1:9000/a.jpg")]
    public void Known_hosts_are_allowed_over_https(string address, string asked) =>
        Assert.AreEqual(asked, Rule.Checked(new Uri(address)).AbsoluteUri);

    [TestMethod]
    [DataRow("http://169.254.169.254/latest/meta-data")]
    [DataRow("file:///etc/passwd")]
    [DataRow("http://127.0.0.1:5432/")]
    [DataRow("http://127.0.0.1:9001/")]
    [DataRow("http://[::ffff:10.0.0.1]/")]
    [DataRow("http://2130706433/")]
    [DataRow("https://evil.example/")]
    [DataRow("https://i.scdn.co.evil.example/")]
    [DataRow("https://notarchive.org/")]
    [DataRow("https://i.scdn.co:8443/")]
    [DataRow("https://i.scdn.co@evil.example/")]
    [DataRow("https://user:pass@i.scdn.co/")]
    [DataRow("ftp://i.scdn.co/x")]
    [DataRow("gopher://127.0.0.1:9000/x")]
    public void Other_addresses_are_refused_before_a_connection(string address) =>
        Assert.AreEqual("ssrf_blocked", Assert.ThrowsExactly<PermanentJobException>(() => Rule.Checked(new Uri(address))).ReasonCode);

    [TestMethod]
    [DataRow("127.0.0.1")]
    [DataRow("10.1.2.3")]
    [DataRow("172.16.0.1")]
    [DataRow("192.168.1.1")]
    [DataRow("169.254.169.254")]
    [DataRow("100.64.0.1")]
    [DataRow("0.0.0.0")]
    [DataRow("224.0.0.1")]
    [DataRow("255.255.255.255")]
    [DataRow("::1")]
    [DataRow("::")]
    [DataRow("fe80::1")]
    [DataRow("fd00::1")]
    [DataRow("::ffff:10.0.0.1")]
    [DataRow("2002:0a00:0001::1")]
    [DataRow("64:ff9b::a00:1")]
    [DataRow("2001:db8::1")]
    public void Private_addresses_are_not_public(string address) => Assert.IsFalse(ImageHostRule.IsPublic(IPAddress.Parse(address)));

    [TestMethod]
    [DataRow("1.1.1.1")]
    [DataRow("172.32.0.1")]
    [DataRow("2606:4700::1111")]
    [DataRow("::ffff:1.1.1.1")]
    public void Internet_addresses_are_public(string address) => Assert.IsTrue(ImageHostRule.IsPublic(IPAddress.Parse(address)));
}
