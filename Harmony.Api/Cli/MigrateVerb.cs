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
        var down = new Command("down", "Take tables back. What they held is lost; functions stay until another version applies its own.") { to };
        var status = new Command("status", "Show what is applied, also of each file of functions; exit 1 when an upgrade would change something.");
        up.SetAction((parsed, cancellationToken) => UpAsync(load(), parsed.InvocationConfiguration.Output, cancellationToken));
        down.SetAction((parsed, cancellationToken) => WithMigratorAsync(load(), async (migrator, _) =>
        {
            foreach (var migration in await migrator.DownAsync(parsed.GetValue(to), cancellationToken))
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"took back {NameOf(migration)}");
            return 0;
        }));
        status.SetAction((parsed, cancellationToken) => WithMigratorAsync(load(), async (migrator, _) =>
        {
            var schema = await migrator.StatusAsync(cancellationToken);
            foreach (var step in schema.Migrations)
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{NameOf(step.Migration)}  {step.AppliedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "missing"}");
            foreach (var function in schema.Functions)
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{function.Name}  {WordOf(function.State)}");
            return schema.IsCurrent ? 0 : 1;
        }));
        var verb = new Command("migrate", "Bring the database's schema up to date (the default), back, or show where it is.") { up, down, status };
        verb.SetAction((parsed, cancellationToken) => UpAsync(load(), parsed.InvocationConfiguration.Output, cancellationToken));
        return verb;
    }

    private static Task<int> UpAsync(Settings settings, TextWriter output, CancellationToken cancellationToken) =>
        WithMigratorAsync(settings, async (migrator, services) =>
        {
            var changes = await migrator.UpAsync(cancellationToken);
            foreach (var migration in changes.Migrations)
                await output.WriteLineAsync($"applied {NameOf(migration)}");
            foreach (var function in changes.Functions)
                await output.WriteLineAsync($"{(function.State == FunctionState.Unnamed ? "dropped" : "applied")} {function.Name}");
            await services.GetRequiredService<KindSync>().WriteAsync(cancellationToken);
            var done = changes.Migrations.Count + changes.Functions.Count;
            await output.WriteLineAsync(done == 0 ? "up to date" : $"{done} changes");
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

    private static string WordOf(FunctionState state) => state switch
    {
        FunctionState.Applied => "applied",
        FunctionState.Differs => "differs",
        FunctionState.Missing => "missing",
        _ => "will be dropped: no file names it",
    };

    private static string NameOf(Migration migration) => $"{migration.Version:0000}_{migration.Name}";
}
