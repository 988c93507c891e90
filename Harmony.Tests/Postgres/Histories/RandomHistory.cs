using FsCheck;
using FsCheck.Fluent;

namespace Harmony.Tests.Postgres.Histories;

/// <summary>Histories of 10 to 60 steps, and the shorter and simpler ones to try once one has failed.</summary>
internal static class RandomHistory
{
    private static readonly (Act What, int Weight)[] Weights =
    [
        (Act.Enqueue, 12), (Act.EnqueueMany, 2), (Act.Foreign, 1), (Act.Fetch, 14), (Act.Renew, 3), (Act.Effect, 7), (Act.Finish, 16),
        (Act.FinishAll, 3), (Act.Kill, 2), (Act.Release, 4), (Act.Rescue, 4), (Act.Wake, 3), (Act.Pause, 2), (Act.Resume, 3), (Act.Block, 1),
        (Act.Open, 1), (Act.Requeue, 4), (Act.Purge, 1), (Act.Cancel, 1), (Act.RunNow, 2), (Act.ClickRequeue, 5), (Act.ClickDelete, 3),
        (Act.Lock, 1), (Act.Unlock, 2), (Act.Shift, 10), (Act.Expire, 1),
    ];

    public static Arbitrary<History> Arbitrary { get; } = Arb.From(Histories(), Shorter);

    private static Gen<History> Histories()
    {
        var acts = Gen.Elements(Weights.SelectMany(w => Enumerable.Repeat(w.What, w.Weight)).ToArray());
        var step =
            from what in acts
            from who in Gen.Choose(0, 2)
            from which in Gen.Choose(0, 11)
            from how in Gen.Choose(0, 11)
            select new Step(what, who, which, how);
        return
            from length in Gen.Choose(10, 60)
            from steps in step.ListOf(length)
            select new History([.. steps]);
    }

    private static IEnumerable<History> Shorter(History history)
    {
        var steps = history.Steps;
        for (var cut = steps.Count / 2; cut >= 1; cut /= 2)
        {
            for (var at = 0; at + cut <= steps.Count; at += cut)
                yield return new History([.. steps.Take(at), .. steps.Skip(at + cut)]);
        }

        for (var i = 0; i < steps.Count; i++)
        {
            foreach (var simpler in Simpler(steps[i]))
                yield return new History([.. steps.Take(i), simpler, .. steps.Skip(i + 1)]);
        }
    }

    private static IEnumerable<Step> Simpler(Step step)
    {
        for (var who = 0; who < step.Who; who++)
            yield return step with { Who = who };
        for (var which = 0; which < step.Which; which++)
            yield return step with { Which = which };
        for (var how = 0; how < step.How; how++)
            yield return step with { How = how };
    }
}
