using System.Security.Cryptography;
using System.Text;

namespace Harmony.Data.Migrations;

/// <summary>The 39 migrations that the baseline replaced. The baseline makes exactly the same schema.</summary>
internal static class BeforeBaseline
{
    private const int Last = 56;

    // SHA-256 over version and checksum of each migration, one line each.
    private const string Fingerprint = "094e79a519a01e590bafeb16c25d650d88ca23865b61ac9fa7fbfa65a6a8325c";

    /// <summary>Refuses every database except one with all of these migrations and no other.</summary>
    public static void Verify(IReadOnlyList<AppliedMigration> applied)
    {
        var newest = applied[^1];
        if (newest.Version > Last)
            throw new MigrationException($"The database has migration {newest.Version:0000}_{newest.Name}, which this version does not know: run a newer Harmony.");
        if (newest.Version < Last)
            throw new MigrationException($"The database is at migration {newest.Version:0000}_{newest.Name}, and this version takes over from 0056_errors_in_full: start the version of commit 2928ff4 on it once, then this one.");
        var lines = string.Join('\n', applied.Select(a => $"{a.Version:0000} {a.Checksum}"));
        if (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines))) != Fingerprint)
            throw new MigrationException("The migrations of this database, 0001 to 0056, are not those that this version takes over from: they were edited, or one is missing.");
    }
}
