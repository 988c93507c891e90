using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Harmony.Tests.Postgres.Histories;

/// <summary>Whatever three workers, operators, clicks and kills do in whatever order: no job is lost, doubled or stranded.</summary>
[TestClass]
public sealed class HistoryTests
{
    private static Stage? _stage;

    public required TestContext TestContext { get; set; }

    [ClassInitialize]
    public static async Task CreateAsync(TestContext _) => _stage = await Stage.CreateAsync();

    [ClassCleanup]
    public static async Task DropAsync() => await (_stage?.DisposeAsync() ?? ValueTask.CompletedTask);

    [TestMethod]
    public void Random_histories_keep_every_invariant() => Play(2026, 150);

    // What random histories once found, as short as it gets.
    private static readonly (string What, Step[] Steps)[] Found =
    [
        ("a click on a waiting job leaves a second ticket, which must not cut a snooze short",
            [new(Act.Enqueue), new(Act.ClickRequeue), new(Act.Fetch, 1), new(Act.Finish, 1, 0, 1)]),
        ("a worker that stalled ends two runs of one job at once, and one of them is refused",
            [new(Act.Enqueue), new(Act.Fetch, 1), new(Act.Shift, 0, 0, 2), new(Act.Rescue), new(Act.Fetch, 1), new(Act.FinishAll, 1)]),
        ("the ticket of a run that a click ended outlives it, and must not stand in for the one of the next run",
            [new(Act.EnqueueMany), new(Act.Fetch), new(Act.ClickRequeue), new(Act.Fetch, 0, 3), new(Act.Shift, 0, 0, 2), new(Act.Rescue), new(Act.Pause),
                new(Act.Fetch), new(Act.Renew)]),
    ];

    public static IEnumerable<object[]> FoundNames => Found.Select(f => new object[] { f.What });

    [TestMethod]
    [DynamicData(nameof(FoundNames))]
    public Task Recorded_failures_stay_fixed(string what) => Player.PlayAsync(_stage!, new History(Found.Single(f => f.What == what).Steps));

    [TestMethod]
    public Task Concurrent_histories_keep_every_invariant() => RushAsync(2026, 2);

    [TestMethod]
    [TestCategory("Soak")]
    public Task Two_hundred_concurrent_histories_keep_every_invariant() => RushAsync(new Random().Next(), 200);

    [TestMethod]
    [TestCategory("Soak")]
    public void Ten_thousand_random_histories_keep_every_invariant()
    {
        var minutes = int.TryParse(Environment.GetEnvironmentVariable("HARMONY_SOAK_MINUTES"), CultureInfo.InvariantCulture, out var left) ? left : 60;
        var chance = new Random();
        var clock = Stopwatch.StartNew();
        var played = 0;
        for (; played < 10_000 && clock.Elapsed < TimeSpan.FromMinutes(minutes); played += 250)
        {
            var seed = (ulong)chance.NextInt64();
            TestContext.WriteLine($"{clock.Elapsed:mm\\:ss} after {played} histories: seed {seed}");
            Play(seed, 250);
        }

        TestContext.WriteLine($"{played} histories in {clock.Elapsed}");
    }

    private async Task RushAsync(int seed, int rushes)
    {
        for (var i = 0; i < rushes; i++)
        {
            await _stage!.ClearAsync();
            var rush = new Rush(_stage.Db, seed + (i * 10));
            try
            {
                await rush.RunAsync();
            }
            catch (Exception e)
            {
                throw new BrokenRuleException($"the rush of seed {seed + (i * 10)}: {e.Message}");
            }

            TestContext.WriteLine($"seed {seed + (i * 10)}: {rush.Deadlocks} deadlocks");
        }
    }

    // The property is sync: FsCheck runs one history after the other, and no test thread has a context to wait for.
    private void Play(ulong seed, int histories)
    {
        var clock = Stopwatch.StartNew();
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(histories).WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(seed, seed | 1), FSharpOption<int>.None))),
            Prop.ForAll(RandomHistory.Arbitrary, history => Player.PlayAsync(_stage!, history).GetAwaiter().GetResult()));
        TestContext.WriteLine($"seed {seed}: {histories} histories in {clock.Elapsed}");
    }
}
