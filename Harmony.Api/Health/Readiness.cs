using System.Net.Sockets;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Data.Migrations;
using Harmony.Jobs.Providers.Health;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Api.Health;

/// <summary>Can this process do its work right now?</summary>
internal sealed class Readiness(Migrator migrator, Roster roster, Settings settings, ProviderHealth providers)
{
    public static readonly TimeSpan HeartbeatAge = TimeSpan.FromSeconds(60);

    public async Task<ReadinessReport> LookAsync(CancellationToken ct)
    {
        var deps = settings.Get(HostKeys.HealthDeps).ToDictionary(name => name, name => ReachAsync(name, ct), StringComparer.Ordinal);
        var (db, migrations, servers) = await DatabaseAsync(ct);
        await Task.WhenAll(deps.Values);
        return new(db, deps.ToDictionary(d => d.Key, d => d.Value.Result), migrations, new(servers, settings.Get(HostKeys.Roles)));
    }

    private async Task<(string Db, MigrationsReport? Migrations, long Servers)> DatabaseAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromMilliseconds(settings.Get(HostKeys.HealthDbTimeout)));
        try
        {
            // A server that takes the connection and says nothing holds the driver for its own connect timeout.
            return await AskAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            return ("down", null, 0);
        }
    }

    private async Task<(string Db, MigrationsReport? Migrations, long Servers)> AskAsync(CancellationToken ct)
    {
        var steps = await migrator.StatusAsync(ct);
        var head = steps[^1].Migration.Version;
        var current = steps.LastOrDefault(s => s.AppliedAt is not null)?.Migration.Version;
        var upToDate = steps.All(s => s.AppliedAt is not null);
        return ("up", new(upToDate, current, head), upToDate ? await roster.CountLiveAsync(HeartbeatAge, ct) : 0);
    }

    /// <summary>The name of a provider as older set-ups spell it, too.</summary>
    public static string ProviderOf(string name) => name == "soulseek" ? SlskdOptions.Provider : name;

    // Who asked us to wait has answered: its jobs wait, all others go on.
    private async Task<string> ReachAsync(string name, CancellationToken ct) =>
        (await providers.LookAsync(ProviderOf(name), ct)).Status is ProviderStatus.Ok or ProviderStatus.Blocked ? "up" : "down";
}

internal sealed record MigrationsReport(bool UpToDate, int? Current, int Head);

internal sealed record OrchestratorReport(long Servers, IReadOnlyList<string> Roles);

internal sealed record ReadinessReport(string Db, IReadOnlyDictionary<string, string> Deps, MigrationsReport? Migrations, OrchestratorReport Orchestrator)
{
    /// <summary>What keeps the process from its work, in words; empty when nothing does.</summary>
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
