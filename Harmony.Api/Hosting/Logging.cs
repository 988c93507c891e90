using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Serilog;
using Serilog.Events;

namespace Harmony.Api.Hosting;

/// <summary>JSON lines on standard error; standard output is for the output of the verbs.</summary>
internal static class Logging
{
    public static Serilog.Core.Logger LoggerFor(Settings settings)
    {
        var level = LevelOf(settings.Get(HostKeys.LogLevel));
        return new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", Most(level, LogEventLevel.Warning))
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", level)
            // It would warn at each start that the key ring is not encrypted: the operator protects that folder.
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", Most(level, LogEventLevel.Error))
            .MinimumLevel.Override("System.Net.Http", Most(level, LogEventLevel.Warning))
            .MinimumLevel.Override("Npgsql", Most(level, LogEventLevel.Warning))
            .Enrich.FromLogContext()
            .WriteTo.Console(new LogLine(settings.SecretValues), standardErrorFromLevel: LogEventLevel.Verbose)
            .CreateLogger();
    }

    private static LogEventLevel Most(LogEventLevel a, LogEventLevel b) => a > b ? a : b;

    private static LogEventLevel LevelOf(string name) => name switch
    {
        "trace" => LogEventLevel.Verbose,
        "debug" => LogEventLevel.Debug,
        "warning" or "warn" => LogEventLevel.Warning,
        "error" => LogEventLevel.Error,
        "critical" => LogEventLevel.Fatal,
        _ => LogEventLevel.Information,
    };
}
