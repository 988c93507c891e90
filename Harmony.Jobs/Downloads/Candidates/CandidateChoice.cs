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

    public static ChosenCandidate ToRow(Candidate candidate) =>
        new(RowJson.Write(candidate), candidate.Username, candidate.Filename, candidate.Size);

    public static Candidate OfRow(Download row) => RowJson.Read<Candidate>(row.Candidate!)!;

    public static string WriteAnswers(IReadOnlyList<SlskdPeerResponse> answers) => RowJson.Write(answers);

    private static List<SlskdPeerResponse> ReadAnswers(string json) =>
        RowJson.Read<List<SlskdPeerResponse>>(json) ?? throw new JsonException("kept answers of a search are not a list");
}
