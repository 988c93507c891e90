using System.CommandLine;
using System.Globalization;
using Harmony.Api.Configuration;

namespace Harmony.Api.Cli;

/// <summary>Parses the words after <c>harmony</c>, runs the verb, and turns a startup error into its exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(RootCommand root, string[] words)
    {
        // Numbers and dates are written the same way on every machine.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        // Our own host stops on signals, with its own grace; the two seconds of the parser would cut it short.
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await root.Parse(words).InvokeAsync(invocation);
        }
        catch (StartupException e)
        {
            foreach (var problem in e.Problems)
                await Console.Error.WriteLineAsync($"harmony cannot start: {problem}");
            return (int)e.Code;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"harmony failed: {e.GetType().Name}: {e.Message}");
            return 1;
        }
    }

    /// <summary>The settings of this process; unreadable values stop the verb.</summary>
    public static Settings Load(EngineNames names)
    {
        var settings = Settings.FromProcess(names);
        return settings.Problems.Count == 0 ? settings : throw new StartupException(settings.Problems);
    }
}
