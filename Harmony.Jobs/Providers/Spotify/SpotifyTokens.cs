using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Spotify;

/// <summary>The app's own token (client credentials): asked for once however many wait, renewed a minute before it ends.</summary>
public sealed class SpotifyTokens(ProviderWires wires, SpotifyOptions options, TimeProvider time) : IDisposable
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _oneFlight = new(1, 1);
    private Held? _held;

    public async Task<string> GetAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } token)
        {
            return token;
        }

        await _oneFlight.WaitAsync(cancellation);
        try
        {
            return Fresh() ?? await RequestAsync(cancellation);
        }
        finally
        {
            _oneFlight.Release();
        }
    }

    /// <summary>Forgets a token that Spotify refused; one that was renewed meanwhile stays.</summary>
    public void Forget(string token)
    {
        var held = _held;
        if (held?.Token == token)
        {
            Interlocked.CompareExchange(ref _held, null, held);
        }
    }

    public void Dispose() => _oneFlight.Dispose();

    private string? Fresh() => _held is { } held && time.GetUtcNow() < held.RenewAt ? held.Token : null;

    private async Task<string> RequestAsync(CancellationToken cancellation)
    {
        var wire = wires.To(SpotifyOptions.Provider, new CallLimits(options.Timeout, options.Retries, MaxBytes));
        if (options.ClientId.Length == 0 || options.ClientSecret.Length == 0)
        {
            throw new PermanentJobException("spotify_not_configured", "Spotify is not configured: set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET");
        }

        var reply = await wire.SendTwiceAsync(TokenRequest, "the token request", cancellation);
        if (reply.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new PermanentJobException("spotify_credentials", $"Spotify refused the client credentials: check SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET ({reply.Sentence})");
        }

        SpotifyRefusal.ThrowIfBlocked(reply, time);
        if (!reply.IsSuccess)
        {
            throw reply.Unexpected();
        }

        var answer = reply.ReadJson(SpotifyJson.Default.TokenWire);
        var token = answer.AccessToken is { Length: > 0 } given
            ? given
            : throw new ProviderException(SpotifyOptions.Provider, "bad_reply", "spotify answered the token request without a token");
        var lifetime = TimeSpan.FromSeconds(Math.Clamp(answer.ExpiresIn ?? 3600, 1, 86_400));
        // A life shorter than the margin still serves half of itself: otherwise each call would ask anew.
        _held = new Held(token, time.GetUtcNow() + (lifetime > 2 * Early ? lifetime - Early : lifetime / 2));
        return token;
    }

    private HttpRequestMessage TokenRequest()
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.ClientId}:{options.ClientSecret}"));
        return new HttpRequestMessage(HttpMethod.Post, $"{options.AccountsBaseUrl.AbsoluteUri.TrimEnd('/')}/api/token")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", basic) },
            Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]),
        };
    }

    private sealed record Held(string Token, DateTimeOffset RenewAt);
}
