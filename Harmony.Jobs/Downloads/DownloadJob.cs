using Harmony.Data.Downloads;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

internal sealed record DownloadArgs(long DownloadId) : IJobArgs
{
    public static string Kind => "download";
}

/// <summary>Moves one download from wanted to the shelf. Its row stores the stage, so a run continues where the last one ended.</summary>
internal sealed class DownloadJob(
    DownloadsRepository downloads,
    DownloadStagesRepository rows,
    IEnumerable<IDownloadStage> stages)
    : IJob<DownloadArgs>
{
    // The longest run chooses again after each failed peer; more steps are not needed in one run.
    private const int StepsPerRun = 60;

    private readonly Dictionary<string, IDownloadStage> _next =
        stages.SelectMany(stage => stage.From.Select(from => (from, stage))).ToDictionary(pair => pair.from, pair => pair.stage);

    public static JobSpec Spec { get; } = new(Lanes.Download)
    {
        UniqueKey = "download:{download_id}",
        Providers = [SlskdOptions.Provider],
        Timeout = TimeSpan.FromMinutes(15),
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(DownloadArgs args, JobRun run, CancellationToken cancellationToken)
    {
        for (var step = 0; step < StepsPerRun; step++)
        {
            var row = await downloads.FindAsync(args.DownloadId, cancellationToken);
            if (row is null)
                return JobEnd.Discard("discarded", $"There is no download {args.DownloadId}.");

            if (row.Stage == DownloadStage.Done)
                return JobEnd.Done(new { path = row.OrganizedPath, from = row.Username, tries = row.Try });

            if (!row.IsLive && row.State != DownloadState.Completed)
                return JobEnd.Discard("superseded", $"Download {row.Id} is {row.State}.");

            if (await StepAsync(row, run, cancellationToken) is { } end)
                return end;
        }

        return JobEnd.Snooze(TimeSpan.FromSeconds(5), "many peers failed in a row");
    }

    private async Task<JobEnd?> StepAsync(Download row, JobRun run, CancellationToken cancellationToken)
    {
        try
        {
            return await _next[row.Stage].RunAsync(row, run, cancellationToken);
        }
        catch (Exception error) when (SlskdOutage.Is(error))
        {
            await rows.ExplainAsync(row.Id, $"waiting for slskd: {error.Message}", cancellationToken);
            throw SlskdOutage.Blocked(error);
        }
        catch (ProviderBlockedException blocked)
        {
            await rows.ExplainAsync(row.Id, $"waiting for {blocked.Provider}: {blocked.Reason}", cancellationToken);
            throw;
        }
    }
}
