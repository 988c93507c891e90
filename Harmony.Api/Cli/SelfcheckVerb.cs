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
        var verbose = new Option<bool>("--verbose") { Description = "Check the same and print everything found, one line per check; exit 1 if anything is wrong." };
        var verb = new Command("selfcheck", "Check the configuration and its surroundings.") { assert, verbose };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = load();
            var check = new SelfCheck(settings, TimeProvider.System);
            var all = parsed.GetValue(verbose);
            IReadOnlyList<Finding> found = all || parsed.GetValue(assert) ? await check.FullAsync(cancellationToken) : [.. check.Form().Select(Finding.Of)];
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (all)
            {
                foreach (var warning in settings.Warnings)
                    await output.WriteLineAsync($"warning: {warning}");
            }

            foreach (var finding in found.Where(f => all || f.IsWarning || f.Problem is not null))
                await (all && finding.Problem is null ? output : error).WriteLineAsync(finding.ToString());
            var problems = found.Select(f => f.Problem).OfType<SettingProblem>().ToList();
            if (problems.Count == 0)
                await output.WriteLineAsync("ok");
            else if (all)
                await output.WriteLineAsync($"{problems.Count} problem(s)");
            return problems.Count == 0 ? 0 : (int)(all ? ExitCode.Issues : problems[0].Code);
        });
        return verb;
    }
}
