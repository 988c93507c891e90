using Harmony.Jobs.Downloads.Candidates;

namespace Harmony.Bench.Matching;

/// <summary>What the matcher says about one row. No rejection means that it accepts the file.</summary>
internal sealed record MatchingVerdict(MatchingRow Row, string? Rejection)
{
    // The corpus judges the recording, so the rules about formats and bit rates are off.
    private static readonly RankingOptions Options = new() { PreferredFormats = AudioFormat.Names, MinBitRate = 0 };

    public bool IsAccepted => Rejection is null;

    public bool IsRight => IsAccepted == (Row.Label == MatchingLabel.Match);

    public static MatchingVerdict Of(MatchingRow row)
    {
        var ranked = Ranking.Rank(row.ToWanted(), [row.ToPeer()], Options).Single(candidate => candidate.Candidate.Filename == row.File.Path);
        return new MatchingVerdict(row, ranked.Accepted ? null : ranked.Rejection);
    }
}
