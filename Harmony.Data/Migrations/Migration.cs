using System.Globalization;

namespace Harmony.Data.Migrations;

/// <summary>One numbered step of tables, indexes and data, forward and back, compiled into this version.</summary>
public sealed record Migration(int Version, string Name, string Up, string Down, string Checksum)
{
    internal static IReadOnlyList<Migration> ReadAll() =>
    [
        .. EmbeddedSql.ReadAll("migrations/").Select(up => new Migration(
            int.Parse(up.Name[..4], CultureInfo.InvariantCulture),
            up.Name[5..^".sql".Length],
            up.Text,
            EmbeddedSql.Read("rollback/", up.Name).Text,
            up.Checksum)),
    ];
}
