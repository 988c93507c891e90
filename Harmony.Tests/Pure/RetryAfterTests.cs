using Harmony.Jobs.Providers.Http;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Fallback = TimeSpan.FromMinutes(30);

    [TestMethod]
    [DataRow("120", 120)]
    [DataRow(" 7 ", 7)]
    [DataRow("86400", 86_400)]
    [DataRow("1.5", 1.5)]
    [DataRow("0.001", 1)]
    [DataRow("0", 1)]
    [DataRow("Sat, 21 Nov 2026 12:02:00 GMT", 120)]
    [DataRow("Saturday, 21-Nov-26 12:02:00 GMT", 120)]
    [DataRow("Sat Nov 21 12:02:00 2026", 120)]
    [DataRow("99999999999", 172_800)]
    [DataRow("1e400", 1800)]
    public void Seconds_and_dates_are_parsed(string header, double seconds) =>
        Assert.AreEqual(TimeSpan.FromSeconds(seconds), RetryAfter.Parse(header, Fallback, Now));

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    [DataRow("-1")]
    [DataRow("soon")]
    [DataRow("NaN")]
    [DataRow("Infinity")]
    [DataRow("Sat, 21 Nov 2026 11:00:00 GMT")]
    public void An_invalid_or_past_time_uses_the_fallback(string? header) =>
        Assert.AreEqual(Fallback, RetryAfter.Parse(header, Fallback, Now));
}
