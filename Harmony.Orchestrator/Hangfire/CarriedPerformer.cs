using Hangfire;
using Hangfire.Common;
using Hangfire.Server;

namespace Harmony.Orchestrator.Genuine;

/// <summary>Lets genuine Hangfire call <see cref="JobEntry"/>, with our tokens in place of its own, and keeps the outcome.</summary>
internal sealed class CarriedPerformer(JobRunner runner) : IBackgroundJobPerformer
{
    // No filters: what happens around a job is decided in JobRunner and in SQL.
    private readonly BackgroundJobPerformer _performer = new(new JobFilterProviderCollection(), new EntryActivator(runner));

    public object? Perform(PerformContext context)
    {
        var job = CarriedJob.Current ?? throw new InvalidOperationException($"The job {context.BackgroundJob.Id} was not fetched by Harmony.");
        var tokens = job.Run.Tokens;
        JobEntry.Current = new JobEntry.Fetched(job.Run.Ticket, tokens.LeaseLost);
        // Hangfire's token would take our Processing row for another worker's: it compares a worker id that it did not write.
        var ours = new PerformContext(context.Storage, context.Connection, context.BackgroundJob, new StopToken(tokens.Stopping));
        var outcome = (JobOutcome?)_performer.Perform(ours);
        job.Ends(outcome);
        return outcome;
    }

    private sealed class StopToken(CancellationToken stopping) : IJobCancellationToken
    {
        public CancellationToken ShutdownToken => stopping;

        public void ThrowIfCancellationRequested() => stopping.ThrowIfCancellationRequested();
    }

    private sealed class EntryActivator(JobRunner runner) : JobActivator
    {
        public override object ActivateJob(Type jobType) => new JobEntry(runner);
    }
}
