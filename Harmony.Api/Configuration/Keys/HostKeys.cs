using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Api.Configuration.Keys;

/// <summary>Keys of the process: its address, roles and logs.</summary>
internal static class HostKeys
{
    public static readonly EnvKey<string> Host = new("HOST", EnvForms.BindAddress, "127.0.0.1", "Address to listen on: an IP address, or localhost. Beyond loopback a key is required.");

    public static readonly EnvKey<int> Port = new("PORT", EnvForms.Whole(0, 65535), 8080, "Port to listen on; 0 takes any free one.") { Aliases = ["APP_PORT"] };

    public static readonly EnvKey<int> MetricsPort = new(
        "METRICS_PORT", EnvForms.Whole(0, 65535), 0,
        "Where a process that only runs jobs answers /metrics and /live, with the same access rules as the API; 0 is nowhere. (With the role api they are at PORT.)");

    public static readonly EnvKey<string> BasePath = new("API_BASE_PATH", EnvForms.BasePath, "/api/v1", "Where the REST API lives.");

    public static readonly EnvKey<IReadOnlyList<string>> Roles = new(
        "HARMONY_ROLES", EnvForms.SomeOf("api", "worker"), ["api", "worker"], "What this process does: answer requests (api), run jobs (worker), or both.");

    public static readonly EnvKey<string?> EnvFile = new("HARMONY_ENV_FILE", EnvForms.Text, ".env", "File of NAME=value lines; the environment wins over it. Read from the process environment only, and what it names must be there.");

    public static readonly EnvKey<string> Profile = new(
        "HARMONY_PROFILE", EnvForms.OneOf("default", "dev", "prod", "production", "live"), "default",
        "prod (also production, live) turns authentication and rate limiting on unless their own keys say otherwise.");

    public static readonly EnvKey<string> LogLevel = new(
        "HARMONY_LOG_LEVEL", EnvForms.OneOf("trace", "debug", "info", "information", "warning", "warn", "error", "critical"), "info", "The least important log line to write.");

    public static readonly EnvKey<string> KeysDir = new(
        "HARMONY_KEYS_DIR", EnvForms.Path, ".data/keys", "Key ring that protects cookies and form tokens; shared by all processes of a fleet, part of a backup.");

    public static readonly EnvKey<bool> ErrorDetails = new(
        "ERRORS_DEBUG_DETAILS", EnvForms.Flag, false, "Adds the debug id and a hint to the meta of error answers.");

    public static readonly EnvKey<IReadOnlyList<string>> HealthDeps = new(
        "HEALTH_DEPS", EnvForms.Providers, [], "Providers readiness depends on: they answer and take our credentials. One that asked us to wait counts as there.");

    public static readonly EnvKey<bool> RequireDb = new("HEALTH_READY_REQUIRE_DB", EnvForms.Flag, true, "Not ready while the database does not answer.");

    public static readonly EnvKey<TimeSpan> HealthDbTimeout = new("HEALTH_DB_TIMEOUT_MS", EnvForms.Milliseconds(50, 60_000), TimeSpan.FromMilliseconds(500), "How long readiness waits for the database.");

    public static readonly EnvKey<TimeSpan> HealthDepTimeout = new("HEALTH_DEP_TIMEOUT_MS", EnvForms.Milliseconds(50, 60_000), TimeSpan.FromMilliseconds(800), "How long readiness and /integrations wait for each provider.") { Sets = ["Provider:ProbeTimeout"] };

    public static readonly EnvKey<int> ShutdownGrace = new("SHUTDOWN_GRACE_S", EnvForms.Whole(0, 3600), 20, "How long running jobs may finish when the process is asked to stop.") { Sets = ["Orchestrator:ShutdownGraceSeconds"] };

    public static readonly EnvKey<string?> Contact = new("HARMONY_CONTACT", EnvForms.Text, "self-hosted", "How providers can reach you; part of the User-Agent of every call, which some of them demand.") { Sets = ["Provider:Contact"] };

    public static IReadOnlyList<EnvKey> All { get; } =
        [Host, Port, MetricsPort, BasePath, Roles, EnvFile, Profile, LogLevel, KeysDir, ErrorDetails, HealthDeps, RequireDb, HealthDbTimeout, HealthDepTimeout, ShutdownGrace, Contact];

    /// <summary>The provider of a name in HEALTH_DEPS: older set-ups use soulseek.</summary>
    internal static string ProviderOf(string name) => name == "soulseek" ? SlskdOptions.Provider : name;
}
