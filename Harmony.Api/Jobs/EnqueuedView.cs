using Harmony.Orchestrator;

namespace Harmony.Api.Jobs;

/// <summary>The answer to an enqueue: the job, new or already there.</summary>
internal sealed record EnqueuedView(long JobId, string JobType, string? Status, int Priority, DateTimeOffset? AvailableAt, bool AlreadyEnqueued)
{
    public static async Task<EnqueuedView> OfAsync(Enqueued enqueued, string kind, JobBoard jobs, CancellationToken ct)
    {
        var job = await jobs.FindAsync(enqueued.JobId, ct);
        return new(enqueued.JobId, kind, job?.State, job?.Priority ?? 0, job?.DueAt ?? job?.CreatedAt, enqueued.AlreadyEnqueued);
    }
}
