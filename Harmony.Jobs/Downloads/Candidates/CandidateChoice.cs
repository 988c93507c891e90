using System.Text.Json;
using Harmony.Data;
using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Jobs.Downloads.Candidates;

/// <summary>Ranks stored answers for a download, and stores the chosen one with it.</summary>
internal sealed class CandidateChoice(RankingOptions options, TimeProvider time)
{
    public IReadOnlyList<RankedCandidate> Rank(Download row, IReadOnlyList<Track> tracks, string answersJson)
    {
        var wanted = new WantedTrack(
            row.Artist,
            row.Title,
            row.Album,
            row.DurationMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            tracks.FirstOrDefault(t => t.Id == row.TrackId)?.TrackNumber,
            DeniedPeers.Parse(row.DeniedPeers).ActiveAt(time.GetUtcNow()),
            [.. tracks.Select(t => t.Title)]);
        return Ranking.Rank(wanted, ReadAnswers(answersJson), options);
    }

    // For a peer that is denied for longer, waiting would only put off the next search.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Of the peers that are denied for a short time, and whose file was rejected for nothing else: the one whose denial ends first.</summary>
    public DeniedPeer? FirstToReturn(Download row, IReadOnlyList<RankedCandidate> verdicts)
    {
        var able = verdicts.Where(v => v.Passed == CandidateRules.AllButDenied).Select(v => v.Candidate.Username).ToHashSet();
        var now = time.GetUtcNow();
        return DeniedPeers.Parse(row.DeniedPeers).Peers.Where(p => p.Until > now && p.Until <= now + LongestWait && able.Contains(p.Username)).MinBy(p => p.Until);
    }

    public static ChosenCandidate ToRow(Candidate candidate) =>
        new(RowJson.Write(candidate), candidate.Username, candidate.Filename, candidate.Size);

    public static Candidate OfRow(Download row) => RowJson.Read<Candidate>(row.Candidate!)!;

    public static string WriteAnswers(IReadOnlyList<SlskdPeerResponse> answers) => RowJson.Write(answers);

    private static List<SlskdPeerResponse> ReadAnswers(string json) =>
        RowJson.Read<List<SlskdPeerResponse>>(json) ?? throw new JsonException("kept answers of a search are not a list");
}
