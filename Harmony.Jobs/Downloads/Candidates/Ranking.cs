using Harmony.Jobs.Providers.Slskd;
using Harmony.Jobs.Titles;

namespace Harmony.Jobs.Downloads.Candidates;

/// <summary>Orders the offered files for one track: first the accepted ones, best first; then the rejected ones, each with its reason.</summary>
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
            ranked.AddRange(offers.Select(offer => rules.Rejection(offer) is { } sentence
                ? new RankedCandidate(offer.ToCandidate(), 0, Accepted: false, sentence)
                : new RankedCandidate(offer.ToCandidate(), Math.Round(CandidateScore.Of(offer, wanted, options) + bonus.Of(offer, offers), 2), Accepted: true, null)));
        }

        return
        [
            .. ranked
                .OrderByDescending(candidate => candidate.Accepted)
                .ThenByDescending(candidate => candidate.Score)
                .ThenBy(candidate => candidate.Candidate.Username, StringComparer.Ordinal)
                .ThenBy(candidate => candidate.Candidate.Filename, StringComparer.Ordinal),
        ];
    }
}
