namespace Harmony.Data;

/// <summary>Tells the database who is writing: triggers and functions put it into history and audit.</summary>
public static class WorkActor
{
    /// <summary>Holds for the rest of the transaction.</summary>
    public static Task SetActorAsync(this Work work, string actor, CancellationToken ct) =>
        work.ExecuteAsync("select set_config('harmony.actor', @actor, true)", new { actor }, ct);

    public static Task<T> InTransactionAsync<T>(this Database database, string actor, Func<Work, Task<T>> effect, CancellationToken ct) =>
        database.InTransactionAsync(
            async work =>
            {
                await work.SetActorAsync(actor, ct);
                return await effect(work);
            },
            ct);

    public static Task InTransactionAsync(this Database database, string actor, Func<Work, Task> effect, CancellationToken ct) =>
        database.InTransactionAsync(
            async work =>
            {
                await work.SetActorAsync(actor, ct);
                await effect(work);
            },
            ct);
}
