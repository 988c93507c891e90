namespace Harmony.Tests.Postgres;

/// <summary>The queries an operator runs with psql: each runs on a migrated database and says what it is for.</summary>
[TestClass]
public sealed class AuditQueriesTests
{
    [TestMethod]
    public async Task Every_query_runs_and_is_explained_in_its_first_line()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Harmony.sln")))
            folder = folder.Parent;
        var files = Directory.GetFiles(Path.Combine(folder.FullName, "sql", "audit"), "*.sql");
        Assert.IsNotEmpty(files);

        await using var db = await TestDatabase.CreateAsync();
        foreach (var file in files)
        {
            var sql = await File.ReadAllTextAsync(file);
            Assert.IsTrue(sql.StartsWith("-- ", StringComparison.Ordinal), file);
            await using var command = db.Source.CreateCommand(sql.Replace(":job", "0", StringComparison.Ordinal));
            await using var reader = await command.ExecuteReaderAsync();
            Assert.IsGreaterThan(1, reader.FieldCount, file);
        }
    }
}
