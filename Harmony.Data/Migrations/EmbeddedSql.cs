using System.Security.Cryptography;
using System.Text;

namespace Harmony.Data.Migrations;

/// <summary>A file below <c>sql/</c>, compiled into this version.</summary>
internal sealed record EmbeddedSql(string Name, string Text, string Checksum)
{
    /// <summary>The files of a folder in the order of their names; the names do not contain the folder.</summary>
    public static IEnumerable<EmbeddedSql> ReadAll(string folder) =>
        typeof(EmbeddedSql).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(n => Read(folder, n[folder.Length..]));

    public static EmbeddedSql Read(string folder, string name)
    {
        using var stream = typeof(EmbeddedSql).Assembly.GetManifestResourceStream(folder + name)
            ?? throw new MigrationException($"'{folder}{name}' is not compiled in: every migration has a rollback of the same name.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = reader.ReadToEnd();
        return new EmbeddedSql(name, text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }
}
