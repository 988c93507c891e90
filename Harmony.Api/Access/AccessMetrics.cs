using System.Diagnostics.Metrics;

namespace Harmony.Api.Access;

/// <summary>The meter of sign-ins, sessions and refusals.</summary>
internal static class AccessMetrics
{
    private static readonly Meter Meter = new("Harmony.Access");
    private static readonly Counter<long> Created = Meter.CreateCounter<long>("ui_sessions_created", description: "Browsers that signed in, by role");
    private static readonly Counter<long> Terminated = Meter.CreateCounter<long>("ui_sessions_terminated", description: "Sessions that ended, by role and reason");

    /// <summary>A rate needs a zero value before the first event.</summary>
    public static void Declare()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            Created.Add(0, new KeyValuePair<string, object?>("role", Roles.NameOf(role)));
            foreach (var reason in SessionEnd.All)
                Terminated.Add(0, new("role", Roles.NameOf(role)), new("reason", reason));
        }
    }

    public static void SessionCreated(Role role) => Created.Add(1, new KeyValuePair<string, object?>("role", Roles.NameOf(role)));

    public static void SessionTerminated(string role, string reason) => Terminated.Add(1, new("role", role), new("reason", reason));
}

/// <summary>The reason why a session ended.</summary>
internal static class SessionEnd
{
    public const string SignedOut = "signed_out";
    public const string Expired = "expired";

    /// <summary>The key or user is no longer configured, or has another secret or role.</summary>
    public const string Revoked = "revoked";

    public static IReadOnlyList<string> All { get; } = [SignedOut, Expired, Revoked];
}
