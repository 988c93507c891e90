using Harmony.Data.Downloads;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>One step of a download. Each may be killed at any line and is then run again from its start.</summary>
internal interface IDownloadStage
{
    /// <summary>The stages of a row for which this step is the next.</summary>
    IReadOnlyList<string> From { get; }

    /// <summary>Null: the row was written, read it again. Otherwise the run ends here.</summary>
    Task<JobEnd?> RunAsync(Download row, JobRun run, CancellationToken cancellationToken);
}
