using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>One row of an answer, every value as text.</summary>
internal sealed record AuditRow(IReadOnlyDictionary<string, string> Values)
{
    public string this[string column] => Values[column];
}

/// <summary>A file of sql/audit, run as psql would: its variables are replaced, <c>:'name'</c> quoted and <c>:name</c> as it is.</summary>
internal sealed partial record AuditQuery(string Name, string Sql)
{
    public static DirectoryInfo Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Harmony.sln")))
                folder = folder.Parent;
            return folder;
        }
    }

    public string FirstLine => Sql[..Sql.IndexOf('\n', StringComparison.Ordinal)];

    /// <summary>The variables that the first line says to give, with its example values.</summary>
    public IReadOnlyDictionary<string, string> Examples =>
        Given().Matches(FirstLine).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value.Trim('\''));

    public IReadOnlySet<string> Variables => Used().Matches(Sql).Select(m => m.Groups["name"].Value).ToHashSet();

    public static AuditQuery Named(string name) =>
        new(name, File.ReadAllText(Path.Combine(Root.FullName, "sql", "audit", name + ".sql")));

    public static IEnumerable<AuditQuery> All() =>
        Directory.GetFiles(Path.Combine(Root.FullName, "sql", "audit"), "*.sql")
            .Order(StringComparer.Ordinal)
            .Select(f => Named(Path.GetFileNameWithoutExtension(f)));

    public async Task<IReadOnlyList<AuditRow>> RunAsync(NpgsqlDataSource source, IReadOnlyDictionary<string, string> variables)
    {
        var sql = Used().Replace(Sql, m => m.Value[1] == '\''
            ? $"'{variables[m.Groups["name"].Value].Replace("'", "''", StringComparison.Ordinal)}'"
            : variables[m.Groups["name"].Value]);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<AuditRow>();
        while (await reader.ReadAsync())
        {
            rows.Add(new AuditRow(Enumerable.Range(0, reader.FieldCount).ToDictionary(
                reader.GetName,
                i => reader.IsDBNull(i) ? "-" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!)));
        }

        return rows;
    }

    [GeneratedRegex("(?<=-v )(?<name>[a-z]+)=(?<value>'[^']*'|[^ ]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Given();

    [GeneratedRegex("(?<!:):'?(?<name>[a-z]+)'?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Used();
}
