using System.CommandLine;
using Harmony.Api.Configuration;
using Harmony.Api.Startup;

namespace Harmony.Api.Cli;

/// <summary><c>harmony selfcheck</c>: checks whether the process could start and work.</summary>
internal static class SelfcheckVerb
{
    public static Command Make(Func<Settings> load)
    {
        var assert = new Option<bool>("--assert-startup") { Description = "Also what must be there and answer; exit code of the first problem (78, 71, 69, 70)." };
        var verbose = new Option<bool>("--verbose") { Description = "Print everything found; exit 1 if anything is wrong." };
        var verb = new Command("selfcheck", "Check the configuration and its surroundings.") { assert, verbose };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = load();
            var check = new SelfCheck(settings, TimeProvider.System);
            var problems = parsed.GetValue(assert) || parsed.GetValue(verbose) ? await check.FullAsync(cancellationToken) : check.Form();
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            foreach (var problem in problems)
                await error.WriteLineAsync($"{(int)problem.Code} {problem}");
            if (parsed.GetValue(verbose))
            {
                foreach (var warning in settings.Warnings)
                    await output.WriteLineAsync($"warning: {warning}");
                await output.WriteLineAsync(problems.Count == 0 ? "ok" : $"{problems.Count} problem(s)");
                return problems.Count == 0 ? 0 : (int)ExitCode.Issues;
            }

            if (problems.Count == 0)
                await output.WriteLineAsync("ok");
            return problems.Count == 0 ? 0 : (int)problems[0].Code;
        });
        return verb;
    }
}
