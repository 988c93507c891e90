using Harmony.Api.Configuration;
using Harmony.Api.Hosting;
using Npgsql;

namespace Harmony.Tests.Pure;

/// <summary>What the address says itself counts; the keys beside it only add what it does not say.</summary>
[TestClass]
public sealed class DatabaseAddressTests
{
    [TestMethod]
    [DataRow("postgres://ann@db/music?sslmode=disable", "require", SslMode.Disable)]
    [DataRow("postgres://ann@db/music?ssl=true", null, SslMode.Require)]
    [DataRow("postgres://ann@db/music?ssl=true", "disable", SslMode.Require)]
    [DataRow("Host=db;Database=music;SSL Mode=VerifyFull", "disable", SslMode.VerifyFull)]
    [DataRow("Host=db;Database=music;SslMode=Disable", null, SslMode.Disable)]
    [DataRow("postgres://ann@db/music", "verify-ca", SslMode.VerifyCA)]
    [DataRow("postgres://ann:sslmode@db/music", "require", SslMode.Require)]
    [DataRow("postgres://ann@db/music", null, SslMode.Prefer)]
    [DataRow(null, "require", SslMode.Require)]
    public void The_address_overrides_the_key_for_encryption(string? url, string? key, SslMode expected) =>
        Assert.AreEqual(expected, Of(("DATABASE_URL", url), ("DATABASE_SSLMODE", key)).SslMode);

    [TestMethod]
    [DataRow("Host=db;Database=music;Maximum Pool Size=100", 100)]
    [DataRow("Host=db;Database=music;MaxPoolSize=7", 7)]
    [DataRow("Host=db;Database=music", 12)]
    [DataRow("postgres://ann@db/music", 12)]
    public void The_address_overrides_the_key_for_pool_size(string url, int expected) =>
        Assert.AreEqual(expected, Of(("DATABASE_URL", url), ("DATABASE_POOL_MAX", "12")).MaxPoolSize);

    [TestMethod]
    public void The_parts_are_used_without_an_address()
    {
        var parts = Of(("POSTGRES_HOST", "db"), ("POSTGRES_PORT", "6432"), ("POSTGRES_DB", "music"), ("POSTGRES_USER", "ann"), ("POSTGRES_PASSWORD", "s3cret"));
        var whole = Of(("DATABASE_URL", "postgres://bob@elsewhere/other"), ("POSTGRES_HOST", "db"));

        Assert.AreEqual(("db", 6432, "music", "ann", "s3cret"), (parts.Host, parts.Port, parts.Database, parts.Username, parts.Password));
        Assert.AreEqual(("elsewhere", "other", "bob"), (whole.Host, whole.Database, whole.Username));
    }

    private static NpgsqlConnectionStringBuilder Of(params (string Name, string? Value)[] environment) =>
        new(DatabaseAddress.Of(Settings.From(
            environment.Where(e => e.Value is not null).ToDictionary(e => e.Name, e => e.Value!), new Dictionary<string, string>(), HarmonySetup.Names)));
}
