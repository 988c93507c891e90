using Hangfire;
using Hangfire.Common;
using Harmony.Data;
using Harmony.Orchestrator.Schedules;

namespace Harmony.Orchestrator;

/// <summary>The parts of the job server of a process.</summary>
public sealed class JobServerParts(
    Catalogue catalogue, OrchestratorOptions options, Database database, HarmonyStorage storage, IJobFilterProvider filters, JobActivator activator)
{
    internal Catalogue Catalogue => catalogue;

    internal OrchestratorOptions Options => options;

    internal Database Database => database;

    internal HarmonyStorage Storage => storage;

    internal IJobFilterProvider Filters => filters;

    internal JobActivator Activator => activator;

    internal KindSync Kinds { get; } = new(database, catalogue, options);

    internal Scheduler Scheduler { get; } = new(database, options.Schedules);

    internal Continuations Continuations { get; } = new(database, new BackgroundJobClient(storage, filters));
}
