namespace Harmony.Tests.Postgres;

/// <summary>The queries an operator runs with psql: each is explained where it stands and in docs/operations.md, and runs as its first line says.</summary>
[TestClass]
public sealed class AuditQueriesTests
{
    [TestMethod]
    public void Every_query_documents_its_purpose_and_variables()
    {
        var queries = AuditQuery.All().ToList();
        Assert.IsGreaterThanOrEqualTo(14, queries.Count);
        foreach (var query in queries)
        {
            Assert.StartsWith("-- ", query.FirstLine, StringComparison.Ordinal, query.Name);
            CollectionAssert.AreEquivalent(query.Variables.ToArray(), query.Examples.Keys.ToArray(), query.Name);
            if (query.Examples.Count > 0)
                Assert.EndsWith($"-f sql/audit/{query.Name}.sql", query.FirstLine, StringComparison.Ordinal, query.Name);
        }
    }

    [TestMethod]
    public async Task Every_query_runs_with_its_documented_example()
    {
        await using var db = await TestDatabase.CreateAsync();
        foreach (var query in AuditQuery.All())
            Assert.IsEmpty(await query.RunAsync(db.Source, query.Examples), query.Name);
    }

    [TestMethod]
    public void Every_query_is_in_docs_operations()
    {
        var page = File.ReadAllText(Path.Combine(AuditQuery.Root.FullName, "docs", "operations.md"));
        foreach (var query in AuditQuery.All())
        {
            var call = query.FirstLine.IndexOf("psql -v ", StringComparison.Ordinal);
            var options = call < 0 ? $"-f sql/audit/{query.Name}.sql" : query.FirstLine[(call + "psql ".Length)..];
            Assert.Contains($"`{options}`", page, StringComparison.Ordinal, query.Name);
        }
    }
}
