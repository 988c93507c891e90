using Dapper;

namespace Harmony.Data;

/// <summary>Dapper inside an open transaction, always with the cancellation token.</summary>
public static class WorkQueries
{
    public static async Task<IReadOnlyList<T>> QueryAsync<T>(this Work work, string sql, object? args, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<T>(new CommandDefinition(sql, args, work.Transaction, cancellationToken: cancellationToken))).AsList();

    public static Task<T?> QueryFirstAsync<T>(this Work work, string sql, object? args, CancellationToken cancellationToken) =>
        work.Connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, args, work.Transaction, cancellationToken: cancellationToken));

    public static Task<int> ExecuteAsync(this Work work, string sql, object? args, CancellationToken cancellationToken) =>
        work.Connection.ExecuteAsync(new CommandDefinition(sql, args, work.Transaction, cancellationToken: cancellationToken));
}
