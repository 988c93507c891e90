namespace Harmony.Data;

/// <summary>The audit of operator actions that the database's own functions do not record.</summary>
public sealed class OperatorActions(Database database)
{
    /// <summary>Records an action that changed nothing.</summary>
    public Task RecordAsync(string actor, string action, string target, string detailJson, CancellationToken cancellationToken) =>
        database.InTransactionAsync(actor, work => RecordAsync(work, action, target, detailJson, 0, cancellationToken), cancellationToken);

    /// <summary>Records one change: in the transaction of the change, with its actor.</summary>
    public static Task RecordAsync(Work work, string action, string target, object? detail, CancellationToken cancellationToken) =>
        RecordAsync(work, action, target, detail is null ? null : RowJson.Write(detail), 1, cancellationToken);

    private static Task RecordAsync(Work work, string action, string target, string? detailJson, int affected, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            "select harmony.record_action(@action, @target, cast(@detailJson as jsonb), @affected, false)", new { action, target, detailJson, affected }, cancellationToken);
}
