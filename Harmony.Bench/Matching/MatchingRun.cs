using System.Globalization;
using Harmony.Bench.Figures;

namespace Harmony.Bench.Matching;

/// <summary><c>scripts/bench matching</c>: measures the matcher on the labelled corpus, each half by itself. It needs no database.</summary>
internal static class MatchingRun
{
    public const string Tuning = "tuning";
    public const string Untouched = "untouched";

    public static IReadOnlyList<BenchFigure> Run(string folder, bool listFailures, Action<string> say)
    {
        var rows = MatchingCorpus.Read(folder);
        var verdicts = rows.Select(MatchingVerdict.Of).ToList();
        List<BenchFigure> figures = [];
        foreach (var half in verdicts.GroupBy(verdict => verdict.Row.IsTuning ? Tuning : Untouched).OrderBy(half => half.Key, StringComparer.Ordinal))
        {
            var all = MatchingTally.Of(half);
            say("");
            say($"Half {half.Key}: {all.Rows} rows");
            say("");
            say("| category | rows | wanted and accepted | wanted and rejected | other and accepted | other and rejected | precision | recall |");
            say("|---|---|---|---|---|---|---|---|");
            foreach (var category in half.GroupBy(verdict => verdict.Row.Category))
                say(Line(category.Key, MatchingTally.Of(category)));
            say(Line("**all**", all));
            figures.Add(BenchFigure.Of($"matching, {half.Key} half, precision", "%", [100 * all.Precision]));
            figures.Add(BenchFigure.Of($"matching, {half.Key} half, recall", "%", [100 * all.Recall]));
        }

        if (listFailures)
        {
            say("");
            foreach (var verdict in verdicts.Where(verdict => verdict.Row.IsTuning && !verdict.IsRight))
                say(Failure(verdict));
        }

        figures.Add(BenchFigure.Of($"ranking of {MatchingSpeed.Candidates} candidates, CPU time of one core", "ms", MatchingSpeed.Measure(rows)));
        return figures;
    }

    private static string Line(string name, MatchingTally tally) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {tally.Rows} | {tally.RightAccepted} | {tally.WrongRejected} | {tally.WrongAccepted} | {tally.RightRejected} | {tally.Precision:0.000} | {tally.Recall:0.000} |");

    private static string Failure(MatchingVerdict verdict)
    {
        var (row, wanted) = (verdict.Row, verdict.Row.Wanted);
        return $"{row.Id}: {(verdict.IsAccepted ? "accepted, but" : "rejected, but")} {row.Reason}\n"
            + $"  wanted {wanted.Artist} | {wanted.Title} | {wanted.Album} | {wanted.Duration} s\n"
            + $"  file   {row.File.Path}{(row.File.Length is { } length ? $" | {length} s" : "")}\n"
            + $"  says   {verdict.Rejection ?? "accepted"}";
    }
}
