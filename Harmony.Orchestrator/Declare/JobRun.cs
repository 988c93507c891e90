using Hangfire.Server;
using Hangfire.Storage;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>The current run of a job: its identity, and the fenced ways to write.</summary>
public sealed class JobRun : IDisposable
{
    private readonly Database _database;
    private readonly Func<IStorageConnection> _connect;
    private readonly Func<IStorageConnection, PerformContext> _makeContext;
    private IStorageConnection? _connection;
    private PerformContext? _context;

    /// <param name="connect">Opens Hangfire's view of the storage on first use.</param>
    /// <param name="makeContext">Makes Hangfire's context of this run on such a connection.</param>
    public JobRun(Database database, JobTicket ticket, Func<IStorageConnection> connect, Func<IStorageConnection, PerformContext> makeContext)
    {
        _database = database;
        _connect = connect;
        _makeContext = makeContext;
        JobId = ticket.JobId;
        Kind = ticket.Kind;
        Attempt = ticket.Attempts + 1;
        Forced = ticket.Forced;
        RequestedBy = ticket.RequestedBy;
        Title = ticket.Title;
        Fence = ticket.Fence;
    }

    public long JobId { get; }

    public string Kind { get; }

    /// <summary>1 for the first run since enqueue or requeue; crashes, snoozes and parks do not count.</summary>
    public int Attempt { get; }

    /// <summary>The job was enqueued with force, perhaps while it was already waiting.</summary>
    public bool Forced { get; }

    public string? RequestedBy { get; }

    /// <summary>The subject of the job, if it was known at enqueue.</summary>
    public string? Title { get; }

    /// <summary>Id of the Processing state row of this run; every effect is refused once the job has another.</summary>
    public long Fence { get; }

    /// <summary>Hangfire's view of this run, for packages that write to it; created on first use.</summary>
    public PerformContext HangfireContext =>
        _context ??= _makeContext(_connection = _connect());

    /// <summary>A transaction that commits only while this run still holds the job.</summary>
    public Task<T> InTransactionAsync<T>(Func<Work, Task<T>> effect, CancellationToken cancellationToken) =>
        _database.InTransactionAsync(
            async work =>
            {
                await HoldAsync(work, cancellationToken);
                return await effect(work);
            },
            cancellationToken);

    public Task InTransactionAsync(Func<Work, Task> effect, CancellationToken cancellationToken) =>
        InTransactionAsync(
            async work =>
            {
                await effect(work);
                return true;
            },
            cancellationToken);

    /// <summary>Runs the effect unless this job has done the step in an earlier run; returns whether it ran now.</summary>
    public Task<bool> OnceAsync(string step, Func<Work, Task> effect, CancellationToken cancellationToken) =>
        InTransactionAsync(
            async work =>
            {
                var first = await work.QueryFirstAsync<bool>("select harmony.once(@JobId, @step)", new { JobId, step }, cancellationToken);
                if (first)
                    await effect(work);

                return first;
            },
            cancellationToken);

    /// <summary>Shown live on the pages; cheap, and never part of the job's own transactions.</summary>
    public Task ProgressAsync(long done, long? total, string? line, CancellationToken cancellationToken) =>
        _database.ExecuteAsync(
            "select harmony.progress(@JobId, @Fence, @done, @total, @line)",
            new { JobId, Fence, done, total, line = line is null ? null : SafeText.Line(line) },
            cancellationToken);

    /// <summary>The subject of the job, shown in every list. For jobs whose subject is known only during the run.</summary>
    public Task TitleAsync(string title, CancellationToken cancellationToken) => _database.ExecuteAsync(
        "select harmony.set_title(@JobId, @Fence, @title)", new { JobId, Fence, title = SafeText.Line(title) }, cancellationToken);

    public void Dispose() => _connection?.Dispose();

    internal void UseContext(PerformContext context) => _context = context;

    private async Task HoldAsync(Work work, CancellationToken cancellationToken)
    {
        if (!await work.QueryFirstAsync<bool>("select harmony.hold(@JobId, @Fence)", new { JobId, Fence }, cancellationToken))
            throw new LeaseLostException(JobId);
    }
}
