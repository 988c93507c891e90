using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Hosting;

/// <summary>Logs once, at the start, which roles and profile are in force and which keys are ignored.</summary>
internal sealed partial class StartNotes(Settings settings, ILogger<StartNotes> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in settings.Warnings)
            Ignored(logger, warning);
        Starting(logger, string.Join(',', settings.Get(HostKeys.Roles)), settings.Get(HostKeys.Profile));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventName = "config.retired", Level = LogLevel.Warning, Message = "{Note}")]
    private static partial void Ignored(ILogger logger, string note);

    [LoggerMessage(EventName = "harmony.starting", Level = LogLevel.Information, Message = "Roles {Roles}, profile {Profile}")]
    private static partial void Starting(ILogger logger, string roles, string profile);
}
