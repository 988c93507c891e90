using Harmony.Jobs.Providers.Slskd;
using Harmony.Jobs.Titles;

namespace Harmony.Jobs.Downloads.Candidates;

/// <summary>Orders the offered files for one track: first the accepted ones, best first; then the rejected ones, the closest first, each with its reason.</summary>
internal static class Ranking
{
    public static IReadOnlyList<RankedCandidate> Rank(
        WantedTrack wanted,
        IEnumerable<SlskdPeerResponse> responses,
        RankingOptions options)
    {
        var rules = new CandidateRules(wanted, options);
        var bonus = new AlbumBonus(wanted);
        var ranked = new List<RankedCandidate>();
        foreach (var peer in responses)
        {
            var offers = peer.Files.Select(file => new Offer(peer, file, RemotePath.Parse(file.Filename))).ToList();
            ranked.AddRange(offers.Select(offer => rules.Reject(offer) is { } rejection
                ? new RankedCandidate(offer.ToCandidate(), rejection.Passed >= CandidateRules.Title ? Score(offer, offers) : 0, Accepted: false, rejection.Sentence, rejection.Passed)
                : new RankedCandidate(offer.ToCandidate(), Score(offer, offers), Accepted: true, null, CandidateRules.AllButDenied + 1)));
        }

        return
        [
            .. ranked
                .OrderByDescending(candidate => candidate.Passed)
                .ThenByDescending(candidate => candidate.Score)
                .ThenBy(candidate => candidate.Candidate.Username, StringComparer.Ordinal)
                .ThenBy(candidate => candidate.Candidate.Filename, StringComparer.Ordinal),
        ];

        double Score(Offer offer, IReadOnlyList<Offer> offers) => Math.Round(CandidateScore.Of(offer, wanted, options) + bonus.Of(offer, offers), 2);
    }
}
