using Harmony.Bench.Matching;

namespace Harmony.Tests.Pure;

/// <summary>The labelled corpus of the matcher: its form, and that the matcher does not get worse on it.</summary>
[TestClass]
public sealed class MatchingCorpusTests
{
    private static readonly IReadOnlyList<MatchingRow> Rows = MatchingCorpus.Read(Path.Combine(Clone.Root, "Harmony.Tests", "Fixtures", "matching"));

    [TestMethod]
    public void Every_row_has_an_id_of_its_own()
    {
        Assert.IsGreaterThanOrEqualTo(600, Rows.Count);
        CollectionAssert.AllItemsAreUnique(Rows.Select(row => row.Id).ToList());
        CollectionAssert.AllItemsAreUnique(Rows.Select(row => (row.Wanted.Artist, row.Wanted.Title, row.File.Path, row.File.Length)).ToList());
        foreach (var row in Rows)
        {
            StringAssert.StartsWith(row.Id, row.Category + "-", StringComparison.Ordinal);
            Assert.AreNotEqual("", row.Reason.Trim(), row.Id);
        }
    }

    [TestMethod]
    public void Every_category_has_both_labels()
    {
        foreach (var category in Rows.GroupBy(row => row.Category))
        {
            Assert.IsGreaterThanOrEqualTo(15, category.Count(), category.Key);
            Assert.IsGreaterThanOrEqualTo(5, category.Count(row => row.Label == MatchingLabel.Match), category.Key);
            Assert.IsGreaterThanOrEqualTo(5, category.Count(row => row.Label == MatchingLabel.NoMatch), category.Key);
        }
    }

    [TestMethod]
    public void The_halves_are_about_equal()
    {
        var share = (double)Rows.Count(row => row.IsTuning) / Rows.Count;

        Assert.IsTrue(share is >= 0.4 and <= 0.6, $"{share:P0} are for tuning");
    }

    [TestMethod]
    public void Each_label_is_about_half()
    {
        var share = (double)Rows.Count(row => row.Label == MatchingLabel.Match) / Rows.Count;

        Assert.IsTrue(share is >= 0.4 and <= 0.6, $"{share:P0} match");
    }

    // An editor that composes letters would empty the rows about decomposed names.
    [TestMethod]
    public void Decomposed_letters_are_still_decomposed() =>
        Assert.IsGreaterThanOrEqualTo(10, Rows.Count(row => row.File.Path.Any(letter => letter is (>= '\u0300' and <= '\u036F') or (>= '\u1100' and <= '\u11FF'))));

    // Raise them with the matcher; never lower them, and never by changing a label.
    [TestMethod]
    [DataRow(true, 0.96, 0.80)]
    [DataRow(false, 0.94, 0.81)]
    public void The_matcher_does_not_get_worse(bool tuning, double precision, double recall)
    {
        var tally = MatchingTally.Of(Rows.Where(row => row.IsTuning == tuning).Select(MatchingVerdict.Of));

        Assert.IsGreaterThanOrEqualTo(precision, tally.Precision);
        Assert.IsGreaterThanOrEqualTo(recall, tally.Recall);
    }

    [TestMethod]
    public void A_tally_counts_the_four_cases()
    {
        var (match, other) = (Rows.First(row => row.Label == MatchingLabel.Match), Rows.First(row => row.Label == MatchingLabel.NoMatch));
        var tally = MatchingTally.Of(
        [
            new(match, null), new(match, null), new(match, null), new(match, "no"),
            new(other, null), new(other, null), new(other, "no"),
        ]);

        Assert.AreEqual(new MatchingTally(RightAccepted: 3, WrongAccepted: 2, RightRejected: 1, WrongRejected: 1), tally);
        Assert.AreEqual(0.6, tally.Precision, 0.0001);
        Assert.AreEqual(0.75, tally.Recall, 0.0001);
    }

    [TestMethod]
    public void The_peer_of_a_row_also_offers_the_siblings()
    {
        var row = Rows.First(r => r.Siblings is { Count: > 1 });

        Assert.HasCount(1 + row.Siblings!.Count, row.ToPeer().Files);
        Assert.AreEqual(row.File.Path, row.ToPeer().Files[0].Filename);
    }
}
