namespace Harmony.Data;

/// <summary>Sets the actor in the database: triggers and functions write it into history and audit.</summary>
public static class WorkActor
{
    /// <summary>Applies to the rest of the transaction.</summary>
    public static Task SetActorAsync(this Work work, string actor, CancellationToken cancellationToken) =>
        work.ExecuteAsync("select set_config('harmony.actor', @actor, true)", new { actor }, cancellationToken);

    public static Task<T> InTransactionAsync<T>(this Database database, string actor, Func<Work, Task<T>> effect, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async work =>
            {
                await work.SetActorAsync(actor, cancellationToken);
                return await effect(work);
            },
            cancellationToken);

    public static Task InTransactionAsync(this Database database, string actor, Func<Work, Task> effect, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async work =>
            {
                await work.SetActorAsync(actor, cancellationToken);
                await effect(work);
            },
            cancellationToken);
}
