using System.Net.Http.Headers;
using System.Text;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Spotify;

/// <summary>
/// The token for calls: that of a user who signed in, else the application's own (client credentials). It is requested once
/// for all waiting callers, and renewed a minute before it expires.
/// </summary>
public sealed class SpotifyTokens(ProviderHttp http, SpotifyOptions options, TimeProvider time) : IDisposable
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(60);

    // Callers that were waiting when a sign-in was refused need not request a token, too; after that the gate stops them.
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _oneFlight = new(1, 1);
    private string _refresh = options.RefreshToken;
    private Held? _held;
    private Refusal? _refusal;

    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } token)
            return token;

        await _oneFlight.WaitAsync(cancellationToken);
        try
        {
            if (_refusal is { } refusal && time.GetUtcNow() < refusal.Until)
                throw refusal.Error.Lasting(refusal.Error.Wait);

            return Fresh() ?? await RequestAsync(cancellationToken);
        }
        finally
        {
            _oneFlight.Release();
        }
    }

    /// <summary>Drops a token that Spotify refused; a token renewed in the meantime stays.</summary>
    public void Forget(string token)
    {
        var held = _held;
        if (held?.Token == token)
            Interlocked.CompareExchange(ref _held, null, held);
    }

    public void Dispose() => _oneFlight.Dispose();

    private string? Fresh() => _held is { } held && time.GetUtcNow() < held.RenewAt ? held.Token : null;

    private async Task<string> RequestAsync(CancellationToken cancellationToken)
    {
        var client = http.To(SpotifyOptions.Provider, new CallLimits(options.Timeout, options.Retries, MaxBytes));
        if (!options.IsConfigured)
            throw new PermanentJobException("spotify_not_configured", "Spotify is not configured: set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET");

        var reply = await client.SendTwiceAsync(TokenRequest, "the token request", cancellationToken);
        SpotifyRefusal.ThrowIfBlocked(reply, time);
        if (SpotifyRefusal.LoginRequired(reply) is { } ended)
        {
            _refusal = new Refusal(ended, time.GetUtcNow() + Remembered);
            throw ended;
        }

        SpotifyRefusal.ThrowIfNoToken(reply);
        if (!reply.IsSuccess)
            throw reply.Unexpected();

        var answer = reply.ReadJson(SpotifyJson.Default.TokenWire);
        var token = answer.AccessToken is { Length: > 0 } given
            ? given
            : throw new ProviderException(SpotifyOptions.Provider, "bad_reply", "spotify answered the token request without a token");
        // Since 2026 Spotify returns no new refresh token, and the old one stays valid.
        _refresh = answer.RefreshToken is { Length: > 0 } next && _refresh.Length > 0 ? next : _refresh;
        var lifetime = TimeSpan.FromSeconds(Math.Clamp(answer.ExpiresIn ?? 3600, 1, 86_400));
        // A lifetime shorter than the margin is used for half of its length: otherwise each call would request a new token.
        _held = new Held(token, time.GetUtcNow() + (lifetime > 2 * Early ? lifetime - Early : lifetime / 2));
        return token;
    }

    // An application without a secret sends its client id in the form.
    private HttpRequestMessage TokenRequest()
    {
        List<KeyValuePair<string, string>> form = _refresh.Length > 0
            ? [new("grant_type", "refresh_token"), new("refresh_token", _refresh)]
            : [new("grant_type", "client_credentials")];
        AuthenticationHeaderValue? basic = null;
        if (options.ClientSecret.Length > 0)
            basic = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.ClientId}:{options.ClientSecret}")));
        else
            form.Add(new("client_id", options.ClientId));

        return new HttpRequestMessage(HttpMethod.Post, $"{options.AccountsBaseUrl.AbsoluteUri.TrimEnd('/')}/api/token")
        {
            Headers = { Authorization = basic },
            Content = new FormUrlEncodedContent(form),
        };
    }

    private sealed record Refusal(ProviderBlockedException Error, DateTimeOffset Until);

    private sealed record Held(string Token, DateTimeOffset RenewAt);
}
