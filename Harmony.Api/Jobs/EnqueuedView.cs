using Harmony.Orchestrator;

namespace Harmony.Api.Jobs;

/// <summary>The answer to an enqueue: the job, new or existing.</summary>
internal sealed record EnqueuedView(long JobId, string JobType, string? Status, int Priority, DateTimeOffset? AvailableAt, bool AlreadyEnqueued)
{
    public static EnqueuedView Of(Enqueued job, string kind) => new(job.JobId, kind, job.State, job.Priority, job.DueAt, job.AlreadyEnqueued);
}
