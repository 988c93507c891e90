namespace Harmony.Tests.Postgres.Histories;

internal enum Act
{
    Enqueue,
    EnqueueMany,
    Foreign,
    Fetch,
    Renew,
    Effect,
    Finish,
    FinishAll,
    Kill,
    Release,
    Rescue,
    Wake,
    Pause,
    Resume,
    Block,
    Open,
    Requeue,
    Purge,
    Cancel,
    RunNow,
    ClickRequeue,
    ClickDelete,
    Lock,
    Unlock,
    Shift,
    Expire,
}

/// <summary>
/// One thing somebody does: who of the workers, to the n-th of what there is (counted round, so that a shorter history
/// still means something), and in which of several ways; 0 is the simplest of each.
/// </summary>
internal sealed record Step(Act What, int Who = 0, int Which = 0, int How = 0)
{
    public override string ToString() => (Who, Which, How) switch
    {
        (0, 0, 0) => $"new(Act.{What})",
        (_, 0, 0) => $"new(Act.{What}, {Who})",
        (_, _, 0) => $"new(Act.{What}, {Who}, {Which})",
        _ => $"new(Act.{What}, {Who}, {Which}, {How})",
    };
}

internal sealed record History(IReadOnlyList<Step> Steps)
{
    // As it is pasted into a test.
    public override string ToString() => "[" + string.Join(", ", Steps) + "]";
}
