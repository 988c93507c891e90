namespace Harmony.Bench.Figures;

/// <summary>One measured thing: the median, and the median of the ratios to its reference, pair by pair.</summary>
internal sealed record BenchFigure(string What, string Unit, double Median, string? Reference, double? ReferenceMedian, double? Ratio)
{
    public static BenchFigure Of(string what, string unit, IReadOnlyList<double> values) => new(what, unit, MedianOf(values), null, null, null);

    public static IEnumerable<BenchFigure> Pairs(
        string what, string unit, IReadOnlyList<double> values, string reference, IReadOnlyList<double> others) =>
        [new(what, unit, MedianOf(values), reference, MedianOf(others), MedianOf([.. values.Zip(others, (a, b) => a / b)]))];

    public override string ToString() => Reference is null
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{What}: {Median:0.#} {Unit}")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{What}: {Median:0} {Unit}; {Reference}: {ReferenceMedian:0} {Unit}; ratio {Ratio:0.00}");

    private static double MedianOf(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
