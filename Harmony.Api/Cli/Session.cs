using Harmony.Api.Configuration;
using Harmony.Api.Hosting;

namespace Harmony.Api.Cli;

/// <summary>The services of the projects below the host, for one verb: no server, no jobs.</summary>
internal static class Session
{
    public static async Task<int> RunAsync(Settings settings, Func<IServiceProvider, Task<int>> act)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHarmony(settings);
        await using var provider = services.BuildServiceProvider();
        try
        {
            return await act(provider);
        }
        catch (Exception e) when (Http.ExceptionMap.Of(e) == Http.ApiError.DatabaseDown)
        {
            throw new StartupException(new SettingProblem(ExitCode.Unreachable, "DATABASE_URL", $"the database does not answer: {Why(e)}", "Start PostgreSQL, or correct the address."));
        }
    }

    private static string Why(Exception e) => e.InnerException is { } inner ? $"{e.Message.TrimEnd('.')}: {inner.GetBaseException().Message}" : e.Message;

    /// <summary>The actor in the audit for actions from the command line.</summary>
    public static string Actor => $"cli:{Environment.UserName}";
}
