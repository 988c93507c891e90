using System.Net;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Access;

/// <summary>Whether callers must show a key; decided once, at the start.</summary>
/// <param name="Open">No key is needed; pages carry a banner that says so.</param>
/// <param name="Misconfigured">A key is required but none exists: every call is refused.</param>
internal sealed record AccessMode(bool Open, bool Misconfigured)
{
    public static AccessMode Decide(Settings settings, ApiKeyStore keys)
    {
        var host = settings.Get(HostKeys.Host);
        var required = settings.Get(AccessKeys.RequireAuth) ?? (IsProd(settings) ? true : null);
        var mode = Decide(IsLoopback(host), !keys.IsEmpty, required);
        if (mode is null)
        {
            throw new StartupException(new SettingProblem(
                ExitCode.Missing,
                AccessKeys.ApiKeys.Name,
                $"HOST={host} can be reached from other machines, and nobody would need a key.",
                keys.IsEmpty
                    ? "Set HARMONY_API_KEYS=name:role:key (openssl rand -hex 24 makes one), or HOST=127.0.0.1."
                    : "Remove FEATURE_REQUIRE_AUTH=false, or set HOST=127.0.0.1."));
        }

        if (!IsLoopback(host) && keys.Weak.Count > 0)
            throw new StartupException(keys.Weak);
        return mode;
    }

    /// <summary>The decision table; null means the process must not start.</summary>
    public static AccessMode? Decide(bool loopback, bool hasKeys, bool? required) => (loopback, hasKeys, required) switch
    {
        (_, _, true) => new(Open: false, Misconfigured: !hasKeys),
        (true, _, false) => new(Open: true, Misconfigured: false),
        (true, false, null) => new(Open: true, Misconfigured: false),
        (_, true, null) => new(Open: false, Misconfigured: false),
        (false, _, _) => null,
    };

    public static bool IsProd(Settings settings) => settings.Get(HostKeys.Profile) is "prod" or "production" or "live";

    public static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);
}
