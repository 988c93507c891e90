using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Data;
using Harmony.Data.Migrations;
using Harmony.Orchestrator;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Harmony.Api.Health;

/// <summary>Whether the database answers in time, the version of its schema, and the number of its job servers.</summary>
internal sealed class DatabaseCheck(Migrator migrator, EngineState engine, Settings settings) : IHealthCheck
{
    public const string Name = "database";
    public const string Migrations = "migrations";
    public const string Servers = "servers";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.Get(HostKeys.HealthDbTimeout));
        try
        {
            // A server that accepts the connection and sends nothing blocks the driver for its own connect timeout.
            return await AskAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception e) when (DatabaseErrors.IsDatabaseError(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy("the database does not answer");
        }
    }

    private async Task<HealthCheckResult> AskAsync(CancellationToken cancellationToken)
    {
        var schema = await migrator.StatusAsync(cancellationToken);
        var current = schema.Migrations.LastOrDefault(s => s.AppliedAt is not null)?.Migration.Version;
        return HealthCheckResult.Healthy(data: new Dictionary<string, object>
        {
            [Migrations] = new MigrationsReport(schema.IsUsable, current, schema.Migrations[^1].Migration.Version),
            [Servers] = schema.IsUsable ? await engine.CountLiveServersAsync(Readiness.HeartbeatAge, cancellationToken) : 0L,
        });
    }
}
