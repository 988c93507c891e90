using System.Globalization;
using System.Runtime.ExceptionServices;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;

namespace Harmony.Orchestrator;

/// <summary>
/// Runs the registered server filters of the host around each job. Hangfire's own filters decide states, which is the task of
/// harmony.finish_many here, so they are left out; without other filters a job runs directly.
/// </summary>
public sealed class ServerFilters(JobStorage storage, IJobFilterProvider provider)
{
    private static readonly Job AnyJob = JobOf("", "");

    /// <summary>The end of the job; exceptions of the job are rethrown.</summary>
    public Task<JobEnd> RunAsync(JobTicket ticket, JobRun run, Func<Task<JobEnd>> work, CancellationToken cancellationToken)
    {
        var filters = Registered();
        // The library's pipeline is synchronous: the job blocks one thread while it runs.
        return filters.Count == 0
            ? work()
            : Task.Factory.StartNew(
                () => Perform(ticket, run, filters, work, cancellationToken),
                CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                TaskScheduler.Default);
    }

    internal static Job JobOf(string kind, string argsJson) =>
        Job.FromExpression<JobEntry>(e => e.Run(kind, argsJson, CancellationToken.None));

    private JobFilterCollection Registered()
    {
        JobFilterCollection filters = [];
        foreach (var filter in provider.GetFilters(AnyJob))
        {
            if (filter.Instance is IServerFilter or IServerExceptionFilter && filter.Instance.GetType().Assembly != typeof(IServerFilter).Assembly)
                filters.Add(filter.Instance, filter.Order);
        }

        return filters;
    }

    private JobEnd Perform(JobTicket ticket, JobRun run, JobFilterCollection filters, Func<Task<JobEnd>> work, CancellationToken cancellationToken)
    {
        using var connection = storage.GetConnection();
        var context = ContextOf(storage, connection, ticket, cancellationToken);
        run.UseContext(context);
        try
        {
            var end = new BackgroundJobPerformer(filters, new EntryActivator(work)).Perform(context);
            // A filter that cancels the run, or marks an exception as handled, leaves no result.
            return end as JobEnd ?? JobEnd.Discard("cancelled", "A server filter ended the run without a result.");
        }
        catch (JobPerformanceException e) when (e.InnerException is { } thrown)
        {
            ExceptionDispatchInfo.Capture(thrown).Throw();
            throw;
        }
    }

    internal static PerformContext ContextOf(
        JobStorage storage, Hangfire.Storage.IStorageConnection connection, JobTicket ticket, CancellationToken cancellationToken) =>
        new(
            storage,
            connection,
            new BackgroundJob(ticket.JobId.ToString(CultureInfo.InvariantCulture), JobOf(ticket.Kind, ticket.ArgsJson), TimeProvider.System.GetUtcNow().UtcDateTime),
            new JobToken(cancellationToken));

    private sealed class EntryActivator(Func<Task<JobEnd>> work) : JobActivator
    {
        public override object ActivateJob(Type jobType) => new JobEntry(work);
    }

    private sealed class JobToken(CancellationToken cancellationToken) : IJobCancellationToken
    {
        public CancellationToken ShutdownToken => cancellationToken;

        public void ThrowIfCancellationRequested() => cancellationToken.ThrowIfCancellationRequested();
    }
}
