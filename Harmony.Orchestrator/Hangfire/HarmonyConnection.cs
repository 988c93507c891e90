using System.Text.Json;
using Hangfire.PostgreSql;
using Hangfire.Server;
using Hangfire.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Harmony.Orchestrator;

/// <summary>Servers register, renew and leave through the functions of the fleet: the database's clock, one lease for all processes.</summary>
internal sealed class HarmonyConnection(HarmonyStorage storage, NpgsqlDataSource source, int leaseSeconds) : PostgreSqlConnection(storage)
{
    public override void AnnounceServer(string serverId, ServerContext context)
    {
        var row = JsonSerializer.Serialize(new { context.Queues, context.WorkerCount });
        try
        {
            Execute("select harmony.join_fleet($1, $2, $3)", serverId, leaseSeconds, new JsonText(row));
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            storage.Announced.TrySetException(refused);
            throw;
        }

        storage.ServerRows[serverId] = row;
        storage.Announced.TrySetResult(serverId);
    }

    // A row that was deleted under a running process is written again: Hangfire would restart the server instead.
    public override void Heartbeat(string serverId) =>
        Execute("select harmony.heartbeat($1, $2)", serverId, new JsonText(storage.ServerRows[serverId]));

    public override void RemoveServer(string serverId)
    {
        storage.ServerRows.TryRemove(serverId, out _);
        Execute("select harmony.leave_fleet($1)", serverId);
    }

    public override JobData GetJobData(string id)
    {
        var data = base.GetJobData(id);
        if (data?.Job is { } job)
            storage.Titles.Remember([(id, job)]);
        return data!;
    }

    private void Execute(string sql, params object[] values)
    {
        using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value is JsonText json
                ? new NpgsqlParameter { Value = json.Text, NpgsqlDbType = NpgsqlDbType.Jsonb }
                : new NpgsqlParameter { Value = value });
        }

        command.ExecuteNonQuery();
    }
}
