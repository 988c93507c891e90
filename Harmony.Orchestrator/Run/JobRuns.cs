using Hangfire;
using Hangfire.Common;
using Harmony.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Orchestrator;

/// <summary>Makes the run that a job sees, and runs the job inside the server filters of the host.</summary>
public sealed class JobRuns(Database database, JobStorage storage, IJobFilterProvider filters, IServiceScopeFactory scopes)
{
    private readonly ServerFilters _filters = new(storage, filters);

    public async Task<JobEnd> CarryOutAsync(JobKind kind, JobTicket ticket, CancellationToken cancellationToken)
    {
        await using var services = scopes.CreateAsyncScope();
        using var run = new JobRun(database, ticket, storage.GetConnection, c => ServerFilters.ContextOf(storage, c, ticket, cancellationToken));
        return await _filters.RunAsync(ticket, run, () => kind.Run(services.ServiceProvider, ticket.ArgsJson, run, cancellationToken), cancellationToken);
    }
}
