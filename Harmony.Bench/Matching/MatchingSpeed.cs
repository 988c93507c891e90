using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Bench.Matching;

/// <summary>The CPU time of one ranking of many candidates, which one thread does.</summary>
internal static class MatchingSpeed
{
    public const int Candidates = 10_000;
    private const int FilesPerPeer = 20;
    private const int Rounds = 9;

    public static IReadOnlyList<double> Measure(IReadOnlyList<MatchingRow> rows)
    {
        // A search answers with files of the wanted track and with files that share some words with it.
        var wanted = rows.First(row => row.Wanted.AlbumTitles is not null).ToWanted();
        var files = rows.Where(row => row.Wanted.Title == wanted.Title).ToList();
        var peers = Enumerable.Range(0, Candidates)
            .Select(i => i % 2 == 0 ? files[i / 2 % files.Count] : rows[i / 2 % rows.Count])
            .Chunk(FilesPerPeer)
            .Select((chunk, number) => new SlskdPeerResponse($"peer{number}", true, 0, 1_000_000, [.. chunk.Select(row => row.ToFile())]))
            .ToList();
        List<double> took = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            var ranked = Ranking.Rank(wanted, peers, new RankingOptions());
            // The first round also waits for the compiler.
            if (round > 0 && ranked.Count == Candidates)
                took.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }

        return took;
    }
}
