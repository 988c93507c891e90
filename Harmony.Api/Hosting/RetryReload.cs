using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Api.Hosting;

/// <summary>Reloads the <c>RETRY_*</c> keys of <c>.env</c> while jobs run: an operator can change a policy without losing a run.</summary>
internal sealed partial class RetryReload(
    Settings settings, RetryPolicies policies, KindSync kinds, TimeProvider time, ILogger<RetryReload> log) : BackgroundService
{
    private RetryOverride? _defaults = RoomOptions.RetryDefaults(settings);
    private IReadOnlyDictionary<string, RetryOverride> _byKind = settings.Families.Retries;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.Get(EngineKeys.RetryReload), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await LookAsync(stoppingToken);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = settings.Again();
            var problems = now.Problems.Where(p => p.Component.StartsWith("RETRY_", StringComparison.Ordinal) || p.Component == HostKeys.EnvFile.Name).ToList();
            if (problems.Count > 0)
            {
                LogMalformed(string.Join(" ", problems));
                return;
            }

            var (defaults, byKind) = (RoomOptions.RetryDefaults(now), now.Families.Retries);
            if (defaults == _defaults && byKind.Count == _byKind.Count && byKind.All(k => _byKind.GetValueOrDefault(k.Key) == k.Value))
                return;
            policies.Replace(defaults, byKind);
            await kinds.WriteAsync(cancellationToken);
            (_defaults, _byKind) = (defaults, byKind);
            LogChanged();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NpgsqlException or TimeoutException)
        {
            LogUnread(e);
        }
    }

    [LoggerMessage(EventName = "config.reload", Level = LogLevel.Information, Message = "Retry policies reloaded from .env")]
    private partial void LogChanged();

    [LoggerMessage(EventName = "config.reload", Level = LogLevel.Warning, Message = "Retry policies of .env are invalid, the old policies stay: {Problems}")]
    private partial void LogMalformed(string problems);

    [LoggerMessage(EventName = "config.reload", Level = LogLevel.Warning, Message = "Reload of the retry policies failed")]
    private partial void LogUnread(Exception e);
}
