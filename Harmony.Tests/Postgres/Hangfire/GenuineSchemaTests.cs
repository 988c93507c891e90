using Hangfire.PostgreSql;
using Npgsql;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class GenuineSchemaTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Our_migration_and_the_genuine_installer_make_the_same_schema()
    {
        await using var ours = await HangfireDatabase.MigratedAsync(Ct);
        await using var genuine = await HangfireDatabase.EmptyAsync(Ct);
        Install(genuine.Source);

        var expected = await genuine.LinesAsync(HangfireCatalogue.Sql, Ct);
        var actual = await ours.LinesAsync(HangfireCatalogue.Sql, Ct);

        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', actual));
    }

    [TestMethod]
    public async Task The_genuine_installer_finds_nothing_to_do_on_our_schema()
    {
        await using var ours = await HangfireDatabase.MigratedAsync(Ct);
        var before = await ours.LinesAsync(HangfireCatalogue.Sql, Ct);

        Install(ours.Source);

        Assert.AreEqual(string.Join('\n', before), string.Join('\n', await ours.LinesAsync(HangfireCatalogue.Sql, Ct)));
    }

    private static void Install(NpgsqlDataSource source)
    {
        using var connection = source.OpenConnection();
        PostgreSqlObjectsInstaller.Install(connection);
    }
}
