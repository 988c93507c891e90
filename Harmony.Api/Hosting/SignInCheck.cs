using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Api.Hosting;

/// <summary>Jobs that wait for a sign-in at Spotify go on as soon as a process starts with one that is accepted.</summary>
public sealed partial class SignInCheck(ProviderGates gates, SpotifyTokens tokens, OperatorDesk desk, ILogger<SignInCheck> log) : BackgroundService
{
    private const string Actor = "harmony";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var gate = await gates.FindAsync(SpotifyOptions.Provider, stoppingToken);
            if (gate is not { IsBlocked: true, Reason: { } reason } || !reason.StartsWith(SpotifyLogin.Required, StringComparison.Ordinal))
                return;
            await tokens.GetAsync(stoppingToken);
            await desk.ResetGateAsync(Actor, SpotifyOptions.Provider, stoppingToken);
            Accepted();
        }
        catch (Exception e) when (e is ProviderBlockedException or ProviderFailedException or PermanentJobException or NpgsqlException)
        {
            Refused(e);
        }
    }

    [LoggerMessage(EventName = "spotify.login.accepted", Level = LogLevel.Information, Message = "Spotify accepts the sign-in again: jobs that waited for it go on")]
    private partial void Accepted();

    [LoggerMessage(EventName = "spotify.login.required", Level = LogLevel.Warning, Message = "Jobs go on waiting for a sign-in at Spotify")]
    private partial void Refused(Exception e);
}
