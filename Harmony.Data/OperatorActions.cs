namespace Harmony.Data;

/// <summary>The audit of what operators do, for what changes nothing else in the database.</summary>
public sealed class OperatorActions(Database database)
{
    public Task RecordAsync(string actor, string action, string target, string detailJson, CancellationToken ct) =>
        database.InTransactionAsync(
            actor,
            work => work.ExecuteAsync("select harmony.record_action(@action, @target, @detailJson::jsonb, 0, false)", new { action, target, detailJson }, ct),
            ct);
}
