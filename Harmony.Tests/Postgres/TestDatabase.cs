using System.Diagnostics;
using System.IO.Compression;
using Harmony.Data;
using Harmony.Data.Migrations;
using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>A database of one's own, cloned from a migrated template, on the real server that scripts/test starts.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static readonly SemaphoreSlim TemplateLock = new(1, 1);
    private static string? _template;

    private readonly string _server;

    private TestDatabase(string server, string name)
    {
        _server = server;
        ConnectionString = AddressOf(server, name);
        Source = DataSources.Open(ConnectionString, "harmony-tests");
        Database = new Database(Source);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public Database Database { get; }

    public static async Task<TestDatabase> CreateAsync()
    {
        var template = await TemplateAsync();
        var name = NewName();
        await AdminAsync(ServerAddress, $"create database {name} template {template}");
        return new TestDatabase(ServerAddress, name);
    }

    /// <summary>On a server of one's own, which may be taken down.</summary>
    public static async Task<TestDatabase> CreateOnAsync(string server)
    {
        var name = NewName();
        await AdminAsync(server, $"create database {name} template template0 encoding 'UTF8'");
        var database = new TestDatabase(server, name);
        await new Migrator(database.Source, "hangfire").UpAsync(CancellationToken.None);
        return database;
    }

    /// <summary>A database without any table.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync()
    {
        var name = NewName();
        await AdminAsync(ServerAddress, $"create database {name} template template0 encoding 'UTF8'");
        return new TestDatabase(ServerAddress, name);
    }

    /// <summary>As the last migration before the baseline left it: its dump, with all that pg_dump sets for the session in a session of its own.</summary>
    public static async Task<TestDatabase> CreateBeforeBaselineAsync()
    {
        var database = await CreateEmptyAsync();
        await using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", "database-0056.sql.gz"));
        using var dump = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        await AdminAsync(database.ConnectionString, await dump.ReadToEndAsync());
        return database;
    }

    /// <summary>What pg_dump says of tables, functions and triggers; the months of the history come with time and are left out.</summary>
    public async Task<string> DumpSchemaAsync()
    {
        var address = new NpgsqlConnectionStringBuilder(ConnectionString);
        var start = new ProcessStartInfo(
            Path.Combine(Environment.GetEnvironmentVariable("HARMONY_PG_BIN")!, "pg_dump"),
            ["--schema-only", "--no-owner", "--exclude-table=harmony.job_event_2*", "-h", address.Host!, "-p", $"{address.Port}", "-U", address.Username!, address.Database!])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["PGPASSWORD"] = address.Password;
        using var process = Process.Start(start)!;
        var dump = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.AreEqual(0, process.ExitCode);
        return string.Join('\n', dump.Split('\n').Where(line => !line.StartsWith("\\", StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await AdminAsync(_server, $"drop database if exists {new NpgsqlConnectionStringBuilder(ConnectionString).Database} with (force)");
    }

    private static async Task<string> TemplateAsync()
    {
        await TemplateLock.WaitAsync();
        try
        {
            if (_template is not null)
                return _template;
            var name = $"harmony_test_template_{Environment.ProcessId}";
            await AdminAsync(ServerAddress, $"drop database if exists {name} with (force)");
            await AdminAsync(ServerAddress, $"create database {name} template template0 encoding 'UTF8'");
            await using (var source = DataSources.Open(AddressOf(ServerAddress, name), "harmony-tests"))
                await new Migrator(source, "hangfire").UpAsync(CancellationToken.None);
            return _template = name;
        }
        finally
        {
            TemplateLock.Release();
        }
    }

    private static string NewName() => $"harmony_test_{Guid.CreateVersion7():n}";

    private static string AddressOf(string server, string database) =>
        new NpgsqlConnectionStringBuilder(server) { Database = database, MaxPoolSize = 30 }.ConnectionString;

    private static string ServerAddress => Environment.GetEnvironmentVariable("HARMONY_TEST_DB")
        ?? throw new InvalidOperationException("HARMONY_TEST_DB is not set: run scripts/test, which starts a PostgreSQL for the tests.");

    private static async Task AdminAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server) { Pooling = false, CommandTimeout = 60 }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
