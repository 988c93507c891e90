using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Harmony.Tests.Faults;

/// <summary>Every fault twenty times, with the outages as long as the promises name them.</summary>
[TestClass]
public sealed class FaultSoakTests
{
    private const int Times = 20;

    private static readonly Dictionary<string, Func<TestContext, Task>> Faults = new()
    {
        ["F1 kill -9 of one of three workers with 500 jobs in flight"] = WorkerFaultTests.KilledAsync,
        ["F2 kill -9 between effect and outcome"] = WorkerFaultTests.KilledAfterCommitAsync,
        ["F3 poison that kills every process"] = WorkerFaultTests.PoisonedAsync,
        ["F4 five SIGTERM restarts under load"] = WorkerFaultTests.RestartedAsync,
        ["F5 PostgreSQL crashed for 30 s"] = context => DatabaseFaultTests.CrashedAsync(context, TimeSpan.FromSeconds(30)),
        ["F6 backends terminated every second for 60 s"] = context => DatabaseFaultTests.CutAsync(context, TimeSpan.FromSeconds(60)),
        ["F7 half-open connections"] = DatabaseFaultTests.SilentAsync,
        ["F8 SIGSTOP for two leases"] = WorkerFaultTests.FrozenAsync,
        ["F9 clocks ten minutes off"] = RaceFaultTests.SkewedAsync,
        ["F10 schedulers killed while firing 100 slots"] = RaceFaultTests.SchedulersAsync,
        ["F11 fifty identical calls to two nodes"] = RaceFaultTests.TriggersAsync,
    };

    private static readonly Stopwatch Clock = Stopwatch.StartNew();

    // All faults once, then all again: a short soak has tried each as often as the others.
    public static IEnumerable<object[]> Runs => Enumerable.Range(1, Times).SelectMany(time => Faults.Keys.Select(fault => new object[] { fault, time }));

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Without the number of the run: the report of scripts/soak counts by name.</summary>
    public static string NameOf(MethodInfo method, object[] data) => (string)data[0];

    [TestMethod]
    [TestCategory("Soak")]
    [Timeout(300_000, CooperativeCancellation = true)]
    [DynamicData(nameof(Runs), DynamicDataDisplayName = nameof(NameOf))]
    public Task Each_fault_is_survived_twenty_times(string fault, int time)
    {
        if (Environment.GetEnvironmentVariable("HARMONY_SOAK_MINUTES") is { Length: > 0 } minutes
            && Clock.Elapsed.TotalMinutes >= double.Parse(minutes, CultureInfo.InvariantCulture))
        {
            Assert.Inconclusive("the time of this soak is over");
        }

        TestContext.WriteLine($"{fault}, {time} of {Times}");
        return Faults[fault](TestContext);
    }
}
