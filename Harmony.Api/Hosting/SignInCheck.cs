using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;

namespace Harmony.Api.Hosting;

/// <summary>Resumes jobs that wait for a sign-in at Spotify as soon as a worker starts with an accepted sign-in.</summary>
internal sealed partial class SignInCheck(ProviderGates gates, SpotifyTokens tokens, JobOperations operations, ILogger<SignInCheck> log) : BackgroundService
{
    private const string Actor = "harmony";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await gates.FindAsync(SpotifyOptions.Provider, stoppingToken) is { IsBlocked: true, Reason: { } reason }
                && reason.StartsWith(SpotifyLogin.Required, StringComparison.Ordinal))
            {
                await TryAsync(stoppingToken);
            }
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // After any error the gate opens by itself within the hour, and the jobs check then.
            Unknown(e);
        }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await tokens.GetAsync(cancellationToken);
        }
        catch (ProviderBlockedException refusal)
        {
            await gates.BlockAsync(refusal, cancellationToken);
            Refused(refusal.Reason);
            return;
        }

        await operations.ResetGateAsync(Actor, SpotifyOptions.Provider, cancellationToken);
        Accepted();
    }

    [LoggerMessage(EventName = "spotify.login.accepted", Level = LogLevel.Information, Message = "Spotify accepts the sign-in: waiting jobs resume")]
    private partial void Accepted();

    [LoggerMessage(EventName = "spotify.login.required", Level = LogLevel.Warning, Message = "Spotify refuses the sign-in, its jobs still wait: {Reason}")]
    private partial void Refused(string reason);

    [LoggerMessage(EventName = "spotify.login.unknown", Level = LogLevel.Warning, Message = "The check of the Spotify sign-in at the start failed; waiting jobs check it within the hour")]
    private partial void Unknown(Exception e);
}
