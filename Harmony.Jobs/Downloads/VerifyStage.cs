using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Files;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Accepts only files that were decoded: a broken file is deleted, and another peer is asked.</summary>
internal sealed class VerifyStage(DownloadStagesRepository stages, PeerDenial denial, RankingOptions ranking) : IDownloadStage
{
    public IReadOnlyList<string> From { get; } = [DownloadStage.Landed];

    public async Task<JobEnd?> RunAsync(Download row, JobRun run, CancellationToken cancellationToken)
    {
        TimeSpan? duration = row.DurationMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
        var verdict = AudioVerify.Check(row.LandedPath!, CandidateChoice.OfRow(row).Size, duration, ranking.PreferredFormats);
        if (verdict.Ok)
        {
            await run.InTransactionAsync(work => stages.VerifyAsync(work, row.Id, cancellationToken), cancellationToken);
        }
        else
        {
            var sentence = $"the file of {row.Username} will not do: {verdict.Sentence}";
            await denial.DenyAsync(row, run, verdict.ReasonCode ?? "corrupt", sentence, cancellationToken);
        }

        return null;
    }
}
