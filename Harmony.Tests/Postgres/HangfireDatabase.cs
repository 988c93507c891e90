using Dapper;
using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>A database of its own for one test: empty, or with Hangfire's storage as our migration makes it.</summary>
internal sealed class HangfireDatabase : IAsyncDisposable
{
    private readonly string server;
    private readonly string name;

    private HangfireDatabase(string server, string name)
    {
        this.server = server;
        this.name = name;
        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = name });
    }

    public NpgsqlDataSource Source { get; }

    public static async Task<HangfireDatabase> EmptyAsync(CancellationToken ct)
    {
        var given = Environment.GetEnvironmentVariable("HARMONY_TEST_DB");
        Assert.IsFalse(string.IsNullOrEmpty(given), "HARMONY_TEST_DB must name a PostgreSQL server; scripts/test starts one.");
        var fresh = $"hangfire_{Guid.CreateVersion7():n}";
        await OnServerAsync(given, $"create database {fresh}", ct);
        return new HangfireDatabase(given, fresh);
    }

    public static async Task<HangfireDatabase> MigratedAsync(CancellationToken ct)
    {
        var database = await EmptyAsync(ct);
        await database.RunFileAsync("sql/migrations/0001_hangfire_storage.sql", ct);
        return database;
    }

    public async Task RunFileAsync(string path, CancellationToken ct) =>
        await RunAsync(await File.ReadAllTextAsync(Path.Combine(Root(), path), ct), ct);

    public async Task RunAsync(string sql, CancellationToken ct)
    {
        await using var connection = await Source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: ct));
    }

    public async Task<IReadOnlyList<string>> LinesAsync(string sql, CancellationToken ct)
    {
        await using var connection = await Source.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition(sql, cancellationToken: ct))).AsList();
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await OnServerAsync(server, $"drop database {name} with (force)", CancellationToken.None);
    }

    private static async Task OnServerAsync(string server, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: ct));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Harmony.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside a checkout of Harmony.");
    }
}
