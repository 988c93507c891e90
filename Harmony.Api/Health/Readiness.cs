using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Harmony.Api.Health;

/// <summary>Whether the process can work now: the result of the health checks in the form of the API.</summary>
internal sealed class Readiness(HealthCheckService checks, Settings settings)
{
    public static readonly TimeSpan HeartbeatAge = TimeSpan.FromSeconds(60);

    public async Task<ReadinessReport> LookAsync(CancellationToken cancellationToken)
    {
        var found = (await checks.CheckHealthAsync(cancellationToken)).Entries;
        var deps = settings.Get(HostKeys.HealthDeps).ToDictionary(name => name, name => Word(found[name]), StringComparer.Ordinal);
        var database = found[DatabaseCheck.Name];
        return new(
            Word(database),
            deps,
            database.Data.GetValueOrDefault(DatabaseCheck.Migrations) as MigrationsReport,
            new(database.Data.GetValueOrDefault(DatabaseCheck.Servers) as long? ?? 0, settings.Get(HostKeys.Roles)));
    }

    private static string Word(HealthReportEntry entry) => entry.Status == HealthStatus.Healthy ? "up" : "down";
}

internal sealed record MigrationsReport(bool UpToDate, int? Current, int Head);

internal sealed record OrchestratorReport(long Servers, IReadOnlyList<string> Roles);

internal sealed record ReadinessReport(string Db, IReadOnlyDictionary<string, string> Deps, MigrationsReport? Migrations, OrchestratorReport Orchestrator)
{
    /// <summary>The reasons why the process cannot work; empty when it can.</summary>
    public IReadOnlyList<string> Complaints(bool requireDb)
    {
        var complaints = new List<string>();
        if (Db != "up" && requireDb)
            complaints.Add("the database does not answer");
        if (Migrations is { UpToDate: false })
            complaints.Add("the schema is not up to date: run harmony migrate up");
        if (Db == "up" && Orchestrator.Servers == 0 && Orchestrator.Roles.Contains("worker"))
            complaints.Add("no job server is alive");
        complaints.AddRange(Deps.Where(d => d.Value != "up").Select(d => $"{d.Key} is {d.Value}"));
        return complaints;
    }
}
