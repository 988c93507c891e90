using System.CommandLine;
using System.Globalization;
using Harmony.Api.Configuration;
using Harmony.Data.Migrations;
using Harmony.Orchestrator;

namespace Harmony.Api.Cli;

/// <summary><c>harmony migrate [up|down|status]</c>.</summary>
internal static class MigrateVerb
{
    public static Command Make(Func<Settings> load)
    {
        var to = new Option<int>("--to") { Description = "The version to go back to; it stays.", Required = true };
        var up = new Command("up", "Apply what is missing.");
        var down = new Command("down", "Take migrations back. What they created is lost.") { to };
        var status = new Command("status", "Show what is applied; exit 1 when something is missing.");
        up.SetAction((parsed, ct) => UpAsync(load(), parsed.InvocationConfiguration.Output, ct));
        down.SetAction((parsed, ct) => WithMigratorAsync(load(), async (migrator, _) =>
        {
            foreach (var migration in await migrator.DownAsync(parsed.GetValue(to), ct))
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"took back {NameOf(migration)}");
            return 0;
        }));
        status.SetAction((parsed, ct) => WithMigratorAsync(load(), async (migrator, _) =>
        {
            var steps = await migrator.StatusAsync(ct);
            foreach (var step in steps)
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{NameOf(step.Migration)}  {step.AppliedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "missing"}");
            return steps.All(s => s.AppliedAt is not null) ? 0 : 1;
        }));
        var verb = new Command("migrate", "Bring the database's schema up to date (the default), back, or show where it is.") { up, down, status };
        verb.SetAction((parsed, ct) => UpAsync(load(), parsed.InvocationConfiguration.Output, ct));
        return verb;
    }

    private static Task<int> UpAsync(Settings settings, TextWriter output, CancellationToken ct) =>
        WithMigratorAsync(settings, async (migrator, services) =>
        {
            var applied = await migrator.UpAsync(ct);
            foreach (var migration in applied)
                await output.WriteLineAsync($"applied {NameOf(migration)}");
            await services.GetRequiredService<KindCopy>().WriteAsync(ct);
            await output.WriteLineAsync(applied.Count == 0 ? "up to date" : $"{applied.Count} applied");
            return 0;
        });

    private static Task<int> WithMigratorAsync(Settings settings, Func<Migrator, IServiceProvider, Task<int>> act) =>
        Session.RunAsync(settings, async services =>
        {
            try
            {
                return await act(services.GetRequiredService<Migrator>(), services);
            }
            catch (MigrationException e)
            {
                throw new StartupException(new SettingProblem(ExitCode.Missing, "migrate", e.Message, ""));
            }
        });

    private static string NameOf(Migration migration) => $"{migration.Version:0000}_{migration.Name}";
}
