using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;

namespace Harmony.Api.Access;

/// <summary>The result of an attempt to authenticate.</summary>
internal abstract record Verification
{
    public sealed record Missing : Verification;

    public sealed record Accepted(Account Account) : Verification;

    public sealed record Rejected : Verification;

    public sealed record Wait(TimeSpan For) : Verification;
}

/// <summary>The one place that verifies keys and passwords, from headers and from forms.</summary>
internal sealed class CredentialVerifier(ApiKeyStore keys, Lockout lockout, AccessMode mode) : IDisposable
{
    private static readonly TimeSpan Shortly = TimeSpan.FromSeconds(1);

    // Password hashing is slow by design: all callers together get one core and a short queue.
    private readonly ConcurrencyLimiter _hashing = new(new() { PermitLimit = 1, QueueLimit = 8 });

    public async ValueTask<Verification> TryAsync(HttpContext context, Credential credential)
    {
        var fingerprints = Fingerprints(credential);
        if (mode.Misconfigured || fingerprints.Length == 0)
            return new Verification.Missing();

        var address = ClientAddress.Of(context.Connection.RemoteIpAddress);
        if (lockout.WaitFor(address, fingerprints) is { } wait)
            return new Verification.Wait(wait);

        using var lease = credential is Credential.Login && keys.Users.IsCostly ? await _hashing.AcquireAsync(1, context.RequestAborted) : null;
        if (lease is { IsAcquired: false })
            return new Verification.Wait(Shortly);
        if (lease is not null && lockout.WaitFor(address, fingerprints) is { } since)
            return new Verification.Wait(since);

        if (Find(credential) is var (account, secret))
        {
            lockout.Succeeded(address, secret);
            return new Verification.Accepted(account);
        }

        lockout.Failed(address);
        return new Verification.Rejected();
    }

    public void Dispose() => _hashing.Dispose();

    // A key is accepted as the password of any name: the caller is then the key, not the name.
    private (Account Account, string Secret)? Find(Credential credential) => credential switch
    {
        Credential.Key key => keys.Find(key.Text) is { } account ? (account, Digest(key.Text)) : null,
        Credential.Login login when keys.Users.Find(login.Name, login.Password) is { } user => (user, Digest($"{login.Name}\n{login.Password}")),
        Credential.Login login => keys.Find(login.Password) is { } account ? (account, Digest(login.Password)) : null,
        _ => null,
    };

    private static string[] Fingerprints(Credential credential) => credential switch
    {
        Credential.Key key => [Digest(key.Text)],
        Credential.Login login => [Digest($"{login.Name}\n{login.Password}"), Digest(login.Password)],
        _ => [],
    };

    private static string Digest(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
