namespace Harmony.Orchestrator;

/// <summary>The arguments of a job. Wire format: it outlives the code that queued it, so it holds primitives and ids only.</summary>
public interface IJobArgs
{
    /// <summary>The wire name; it must never change, because rows in the database hold it.</summary>
    static abstract string Kind { get; }
}

/// <summary>One kind of job: its declaration and its work, in one file.</summary>
public interface IJob<TArgs>
    where TArgs : class, IJobArgs
{
    static abstract JobSpec Spec { get; }

    /// <summary>
    /// Does the work. The return value is the end of the run. <see cref="PermanentJobException"/> makes a dead letter at once,
    /// <see cref="ProviderBlockedException"/> waits for the provider's gate, any other exception causes a retry.
    /// </summary>
    Task<JobEnd> RunAsync(TArgs args, JobRun run, CancellationToken cancellationToken);
}
