using System.Data;
using Dapper;
using Npgsql;

namespace Harmony.Data;

/// <summary>The only access to PostgreSQL: a shared data source, short connections, explicit transactions.</summary>
public sealed class Database(NpgsqlDataSource source)
{
    public NpgsqlDataSource Source { get; } = source;

    public async Task<T> InTransactionAsync<T>(Func<Work, Task<T>> effect, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var result = await effect(new Work(connection, transaction));
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    public Task InTransactionAsync(Func<Work, Task> effect, CancellationToken cancellationToken) =>
        InTransactionAsync(
            async work =>
            {
                await effect(work);
                return true;
            },
            cancellationToken);

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, args, cancellationToken: cancellationToken))).AsList();
    }

    public async Task<T?> QueryFirstAsync<T>(string sql, object? args, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        return await connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, args, cancellationToken: cancellationToken));
    }

    public async Task<int> ExecuteAsync(string sql, object? args, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, args, cancellationToken: cancellationToken));
    }
}
