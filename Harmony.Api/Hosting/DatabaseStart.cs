using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Data;
using Harmony.Data.Migrations;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Api.Hosting;

/// <summary>Waits until the database answers and brings its schema up to date, before anything else starts.</summary>
internal sealed partial class DatabaseStart(NpgsqlDataSource source, Migrator migrator, KindSync kinds, Settings settings, TimeProvider time, ILogger<DatabaseStart> logger)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Get(DatabaseKeys.Wait))
            await WaitAsync(cancellationToken);
        // Without migrating, `harmony migrate up` and every worker copy the catalogue, and a process with only the API may start before the database.
        if (!settings.Get(DatabaseKeys.Migrate))
            return;

        try
        {
            var changes = await migrator.UpAsync(cancellationToken);
            foreach (var migration in changes.Migrations)
                Migrated(logger, migration.Version, migration.Name);
            if (changes.Functions.Count > 0)
                FunctionsApplied(logger, changes.Functions.Count, string.Join(", ", changes.Functions.Select(f => f.Name)));
            await kinds.WriteAsync(cancellationToken);
        }
        catch (MigrationException e)
        {
            throw new StartupException(new SettingProblem(ExitCode.Missing, "schema", e.Message, ""));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var attempts = settings.Get(DatabaseKeys.WaitAttempts);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (DatabaseErrors.IsDatabaseError(e))
            {
                // A wrong password or database name does not become right by waiting.
                if (attempt >= attempts || e is PostgresException { SqlState: "28P01" or "28000" or "3D000" })
                    throw new StartupException(new SettingProblem(ExitCode.Unreachable, DatabaseKeys.Url.Name, $"the database does not answer: {e.Message}", "Start PostgreSQL, or correct the address."));
                Waiting(logger, attempt, attempts, e.Message);
                await Task.Delay(TimeSpan.FromSeconds(settings.Get(DatabaseKeys.WaitInterval)), time, cancellationToken);
            }
        }
    }

    [LoggerMessage(EventName = "database.migrated", Level = LogLevel.Information, Message = "Applied migration {Version} {Name}")]
    private static partial void Migrated(ILogger logger, int version, string name);

    [LoggerMessage(EventName = "database.functions", Level = LogLevel.Information, Message = "Applied {Count} function files: {Names}")]
    private static partial void FunctionsApplied(ILogger logger, int count, string names);

    [LoggerMessage(EventName = "database.waiting", Level = LogLevel.Warning, Message = "The database does not answer yet ({Attempt} of {Attempts}): {Reason}")]
    private static partial void Waiting(ILogger logger, int attempt, int attempts, string reason);
}
