namespace Harmony.Orchestrator;

/// <summary>The one method named by every job's row in Hangfire's storage, so that renaming a class never breaks queued work.</summary>
public sealed class JobEntry
{
    private readonly Func<Task<JobEnd>>? _work;

    /// <summary>Used by Hangfire's activator for a worker that is not ours.</summary>
    public JobEntry()
    {
    }

    internal JobEntry(Func<Task<JobEnd>> work) => _work = work;

    public Task<JobEnd> Run(string kind, string argsJson, CancellationToken cancellationToken) =>
        _work?.Invoke()
        ?? throw new InvalidOperationException($"The job '{kind}' was taken by a plain Hangfire worker. Harmony's own worker runs it from the queues of its lane.");
}
