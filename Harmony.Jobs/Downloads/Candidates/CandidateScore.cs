using Harmony.Jobs.Titles;

namespace Harmony.Jobs.Downloads.Candidates;

/// <summary>Points of an accepted file: its quality weighs more than its speed.</summary>
internal static class CandidateScore
{
    public static double Of(Offer offer, WantedTrack wanted, RankingOptions options) =>
        Title(offer, wanted) + Format(offer, options) + Quality(offer) + Length(offer, wanted) + Availability(offer);

    private static double Title(Offer offer, WantedTrack wanted) =>
        20 * new TitleMatch(wanted.Artist, wanted.Title).Of(offer.Path).Similarity;

    private static double Format(Offer offer, RankingOptions options)
    {
        var place = options.PreferredFormats.TakeWhile(format => !format.Equals(offer.Format, StringComparison.OrdinalIgnoreCase)).Count();
        return 30.0 * (options.PreferredFormats.Count - place) / options.PreferredFormats.Count;
    }

    private static double Quality(Offer offer) => AudioFormat.IsLossless(offer.Format!)
        ? offer.File.BitDepth is > 0 and < 16 ? 0 : 5
        : offer.File.BitRate switch { >= 320 => 5, >= 256 => 4, >= 192 => 2, null => 1, _ => 0 };

    // An unknown value is a little better than a value at the limit.
    private static double Length(Offer offer, WantedTrack wanted) =>
        wanted.Duration is { } length && offer.File.Length is > 0 and var seconds
            ? Math.Max(0, 10 - (3 * Math.Abs(seconds - length.TotalSeconds)))
            : 3;

    private static double Availability(Offer offer)
    {
        var slot = offer.Peer.HasFreeUploadSlot ? 10 : 0;
        var queue = 5 / (1 + (Math.Max(0, offer.Peer.QueueLength) / 5.0));
        var megabytes = Math.Max(0, offer.Peer.UploadSpeed) / 1_000_000.0;
        return slot + queue + Math.Min(5, 3 * Math.Log2(1 + megabytes));
    }
}
