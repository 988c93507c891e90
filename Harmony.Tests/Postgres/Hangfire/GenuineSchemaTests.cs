using Hangfire.PostgreSql;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class GenuineSchemaTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Our_migrations_make_what_the_genuine_installer_makes_and_what_bears_our_name()
    {
        await using var ours = await TestDatabase.CreateAsync();
        await using var genuine = await TestDatabase.CreateEmptyAsync();
        Install(genuine);

        var expected = await CatalogueAsync(genuine);
        var actual = HangfireCatalogue.WithoutOurs(await CatalogueAsync(ours));

        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', actual));
    }

    [TestMethod]
    public async Task The_genuine_installer_finds_nothing_to_do_on_our_schema()
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
