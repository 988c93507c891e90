namespace Harmony.Api.Configuration.Keys;

/// <summary>Keys of authentication and access.</summary>
internal static class AccessKeys
{
    public static readonly EnvKey<string?> ApiKey = new("HARMONY_API_KEY", EnvForms.Text, null, "One API key, as name:role:key (roles viewer, operator, admin) or bare, which is admin.") { Secret = true, Combines = true };

    public static readonly EnvKey<string?> ApiKeys = new("HARMONY_API_KEYS", EnvForms.Text, null, "More API keys, separated by commas or lines; added to HARMONY_API_KEY and to those in HARMONY_API_KEYS_FILE.") { Secret = true, Combines = true };

    public static readonly EnvKey<bool?> RequireAuth = new("FEATURE_REQUIRE_AUTH", EnvForms.Flag.OrUnset(), null, "Unset: required as soon as a key exists. true: always. false: never, allowed on loopback only.");

    public static readonly EnvKey<IReadOnlyList<string>> Allowlist = new(
        "AUTH_ALLOWLIST", EnvForms.PathPrefixes, [], "More path prefixes that need no key, beside health, readiness and the API's description.");

    public static readonly EnvKey<bool> ProtectDocs = new("AUTH_PROTECT_DOCS", EnvForms.Flag, false, "Ask for a key before showing the API's description too.");

    public static readonly EnvKey<bool> AdminApi = new("FEATURE_ADMIN_API", EnvForms.Flag, false, "Answer at /admin/artists, for admins: compare an artist with its source, sync it before others, read its audit, forget cached answers.");

    public static readonly EnvKey<IReadOnlyList<string>> TrustedProxies = new(
        "TRUSTED_PROXIES", EnvForms.Networks, [], "Addresses or networks (10.0.0.0/8) of proxies whose forwarded headers count.");

    public static readonly EnvKey<IReadOnlyList<string>> AllowedHosts = new(
        "ALLOWED_HOSTS", EnvForms.Words, [], "More host names a browser may call Harmony by; localhost and the bind address always count. With keys configured and nothing set, any name.");

    public static readonly EnvKey<IReadOnlyList<string>> AllowedOrigins = new(
        "ALLOWED_ORIGINS", EnvForms.Origins, [], "Web pages elsewhere whose scripts may call the API with a key (CORS). Not in open mode, where nobody shows a key.");

    public static readonly EnvKey<string?> UiUsers = new("HARMONY_UI_USERS", EnvForms.Text, null, "Who may sign in to the pages by password: name:role:hash as `harmony user NAME ROLE` prints it, separated by commas or lines; added to those in HARMONY_UI_USERS_FILE.") { Secret = true, Combines = true };

    public static readonly EnvKey<int> SessionMinutes = new("UI_SESSION_TTL_MINUTES", EnvForms.Whole(1, 43_200), 480, "How long a browser stays signed in to the pages.");

    public static readonly EnvKey<string?> DashboardUser = new("HANGFIRE_DASHBOARD_USER", EnvForms.Text, null, "User name accepted when signing in at /ui and /hangfire, beside HARMONY_UI_USERS.");

    public static readonly EnvKey<string?> DashboardPassword = new("HANGFIRE_DASHBOARD_PASSWORD", EnvForms.Text, null, "Its password; its role is admin.") { Secret = true };

    public static readonly EnvKey<bool?> RateLimiting = new("FEATURE_RATE_LIMITING", EnvForms.Flag.OrUnset(), null, "Limit how fast one client may call one route. Unset: only in the prod profile.");

    public static readonly EnvKey<int> RateBucket = new("RATE_LIMIT_BUCKET_CAP", EnvForms.Whole(1, 1_000_000), 60, "Calls a client may make at once, per route and process.");

    public static readonly EnvKey<double> RateRefill = new("RATE_LIMIT_REFILL_PER_SEC", EnvForms.Number(0.001, 1_000_000), 1, "Calls it earns back each second.");

    public static IReadOnlyList<EnvKey> All { get; } =
        [ApiKey, ApiKeys, RequireAuth, Allowlist, ProtectDocs, AdminApi, TrustedProxies, AllowedHosts, AllowedOrigins, UiUsers, SessionMinutes, DashboardUser, DashboardPassword, RateLimiting, RateBucket, RateRefill];
}
