namespace Harmony.Bench.Matching;

/// <summary>The confusion table of some rows.</summary>
internal sealed record MatchingTally(int RightAccepted, int WrongAccepted, int RightRejected, int WrongRejected)
{
    public int Rows => RightAccepted + WrongAccepted + RightRejected + WrongRejected;

    /// <summary>0 to 1: how many of the accepted files are the wanted recording.</summary>
    public double Precision => Share(RightAccepted, RightAccepted + WrongAccepted);

    /// <summary>0 to 1: how many of the offered wanted recordings are accepted.</summary>
    public double Recall => Share(RightAccepted, RightAccepted + WrongRejected);

    public static MatchingTally Of(IEnumerable<MatchingVerdict> verdicts)
    {
        var counts = verdicts.CountBy(verdict => (verdict.IsAccepted, verdict.IsRight)).ToDictionary();
        int Count(bool accepted, bool right) => counts.GetValueOrDefault((accepted, right));
        return new MatchingTally(Count(true, true), Count(true, false), Count(false, true), Count(false, false));
    }

    // Nothing asked for is nothing missed.
    private static double Share(int part, int whole) => whole == 0 ? 1 : (double)part / whole;
}
