namespace Harmony.Api.Configuration.Keys;

/// <summary>Keys of the database.</summary>
internal static class DatabaseKeys
{
    public static readonly EnvKey<string?> Url = new("DATABASE_URL", EnvForms.Database, null, $"The database: {DatabaseUrl.Forms}. Unset, the POSTGRES_ parts below are used.") { Secret = true };

    public static readonly EnvKey<string?> Host = new("POSTGRES_HOST", EnvForms.Text, "localhost", "Part of the address, when DATABASE_URL is unset.");

    public static readonly EnvKey<int> Port = new("POSTGRES_PORT", EnvForms.Whole(1, 65535), 5432, "Part of the address, when DATABASE_URL is unset.");

    public static readonly EnvKey<string?> Name = new("POSTGRES_DB", EnvForms.Text, "harmony", "Part of the address, when DATABASE_URL is unset.");

    public static readonly EnvKey<string?> User = new("POSTGRES_USER", EnvForms.Text, "harmony", "Part of the address, when DATABASE_URL is unset.");

    public static readonly EnvKey<string?> Password = new("POSTGRES_PASSWORD", EnvForms.Text, null, "Part of the address, when DATABASE_URL is unset.") { Secret = true };

    public static readonly EnvKey<string> SslMode = new(
        "DATABASE_SSLMODE", EnvForms.OneOf("disable", "allow", "prefer", "require", "verify-ca", "verify-full"), "prefer", "Encryption to the database, unless DATABASE_URL says.");

    public static readonly EnvKey<int> PoolMax = new("DATABASE_POOL_MAX", EnvForms.Whole(3, 1000), 40, "Connections this process may hold at most, unless an Npgsql string says.");

    public static readonly EnvKey<string> HangfireSchema = new("HARMONY_HANGFIRE_SCHEMA", EnvForms.Identifier, "hangfire", "Schema of Hangfire's tables; change it when another application's Hangfire lives in the same database.") { Sets = ["Orchestrator:HangfireSchema"] };

    public static readonly EnvKey<bool> Migrate = new("FEATURE_RUN_MIGRATIONS", EnvForms.Flag, true, "Bring the schema up to date at the start of serve.");

    public static readonly EnvKey<bool> Wait = new("WAIT_FOR_POSTGRES", EnvForms.Flag, true, "Wait at the start until the database answers.");

    public static readonly EnvKey<int> WaitAttempts = new("POSTGRES_WAIT_ATTEMPTS", EnvForms.Whole(1, 3600), 60, "How often to try at the start.");

    public static readonly EnvKey<double> WaitInterval = new("POSTGRES_WAIT_INTERVAL", EnvForms.Number(0.05, 60), 1, "Seconds between these tries.");

    public static IReadOnlyList<EnvKey> All { get; } =
        [Url, Host, Port, Name, User, Password, SslMode, PoolMax, HangfireSchema, Migrate, Wait, WaitAttempts, WaitInterval];
}
