using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.Logging;

namespace Harmony.Orchestrator.Genuine;

/// <summary>
/// Answers a genuine worker's wishes to change a state. Processing was written by the fetch, whose state row is the fence;
/// the end is written with the ticket by harmony.finish_many. So nothing is left to write here, and nothing is decided.
/// </summary>
internal sealed partial class WrittenStates(ILogger log) : IBackgroundJobStateChanger
{
    public IState? ChangeState(StateChangeContext context)
    {
        if (CarriedJob.Current is not { } job || job.JobId != context.BackgroundJobId)
            throw new InvalidOperationException($"The job {context.BackgroundJobId} was not fetched by Harmony.");

        var ticket = job.Run.Ticket;
        switch (context.NewState)
        {
            case ProcessingState:
                // From the ticket, so that the row is not read again and both servers run the same arguments.
                context.ProcessedJob = new BackgroundJob(
                    job.JobId,
                    Job.FromExpression<JobEntry>(e => e.Run(ticket.Kind, ticket.ArgsJson, CancellationToken.None)),
                    TimeProvider.System.GetUtcNow().UtcDateTime);
                return context.NewState;
            case FailedState failed:
                // Only our own code can throw here (the database is down while a gate closes): the lease brings the job back.
                LogBroken(failed.Exception, ticket.Kind, ticket.JobId);
                return null;
            default:
                return null;
        }
    }

    [LoggerMessage(15, LogLevel.Error, "worker.job could not be settled {Kind} {JobId}")]
    private partial void LogBroken(Exception e, string kind, long jobId);
}
