using Hangfire.PostgreSql;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class HangfireSchemaTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Migrations_make_the_schema_of_the_Hangfire_installer()
    {
        await using var ours = await TestDatabase.CreateAsync();
        await using var stock = await TestDatabase.CreateEmptyAsync();
        Install(stock);

        var expected = await CatalogueAsync(stock);
        var actual = HangfireCatalogue.WithoutOurs(await CatalogueAsync(ours));

        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', actual));
    }

    [TestMethod]
    public async Task The_Hangfire_installer_changes_nothing_on_a_migrated_database()
    {
        await using var ours = await TestDatabase.CreateAsync();
        var before = await CatalogueAsync(ours);

        Install(ours);

        Assert.AreEqual(string.Join('\n', before), string.Join('\n', await CatalogueAsync(ours)));
    }

    private static void Install(TestDatabase database)
    {
        using var connection = database.Source.OpenConnection();
        PostgreSqlObjectsInstaller.Install(connection);
    }

    private Task<IReadOnlyList<string>> CatalogueAsync(TestDatabase database) =>
        database.Database.QueryAsync<string>(HangfireCatalogue.Sql, null, Ct);
}
