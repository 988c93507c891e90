namespace Harmony.Orchestrator;

/// <summary>What a job is called with. Wire format: it outlives the code that queued it, so it holds primitives and ids only.</summary>
public interface IJobArgs
{
    /// <summary>The wire name, for ever: rows in the database carry it.</summary>
    static abstract string Kind { get; }
}

/// <summary>One kind of job: its declaration and its work, in one file.</summary>
public interface IJob<TArgs>
    where TArgs : class, IJobArgs
{
    static abstract JobSpec Spec { get; }

    /// <summary>
    /// Does the work. Returning tells how it ended; throwing <see cref="PermanentJobException"/> dead-letters at once,
    /// <see cref="ProviderBlockedException"/> waits for the provider's gate, anything else is retried.
    /// </summary>
    Task<JobEnd> RunAsync(TArgs args, JobRun run, CancellationToken cancellationToken);
}
