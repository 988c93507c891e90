using System.Diagnostics;
using System.Text.Json;
using Harmony.Bench.Figures;
using Harmony.Data;
using Npgsql;

namespace Harmony.Bench.Engine;

/// <summary>What one fetch of ten jobs reads, however much waits and however old the oldest snapshot is.</summary>
internal sealed class FetchCost(Database database, NpgsqlDataSource source)
{
    public async Task<IReadOnlyList<BenchFigure>> MeasureAsync(
        int[] depths, int churn, TimeSpan snapshotAge, Func<int, Task> enqueue, Func<Task> empty, Action<string> say, CancellationToken cancellationToken)
    {
        List<BenchFigure> figures = [];
        var waiting = 0;
        foreach (var depth in depths)
        {
            await enqueue(depth - waiting);
            waiting = depth;
            await database.ExecuteAsync("vacuum analyze hangfire.jobqueue, harmony.job, hangfire.job", null, cancellationToken);
            figures.Add(await BuffersAsync($"{depth} waiting", say, cancellationToken));
        }

        await empty();
        await using var old = await source.OpenConnectionAsync(cancellationToken);
        await using (await old.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken))
        {
            await using (var look = new NpgsqlCommand("select count(*) from harmony.kind", old))
                await look.ExecuteScalarAsync(cancellationToken);
            var clock = Stopwatch.StartNew();
            var done = 0;
            do
            {
                await enqueue(churn);
                await empty();
                done += churn;
            }
            while (clock.Elapsed < snapshotAge);
            await enqueue(1000);
            figures.Add(await BuffersAsync($"1000 waiting, {done} jobs done since a snapshot that is still open after {clock.Elapsed.TotalMinutes:0} min", say, cancellationToken));
        }

        await empty();
        return figures;
    }

    private async Task<BenchFigure> BuffersAsync(string when, Action<string> say, CancellationToken cancellationToken)
    {
        // Where a server runs, its upkeep does this each second.
        for (var round = 0; round < 2; round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            await database.ExecuteAsync("select harmony.find_heads()", null, cancellationToken);
        }

        List<double> buffers = [];
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        for (var turn = 1; turn <= 7; turn++)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var fetch = new NpgsqlCommand(
                $"explain (analyze, buffers, format json) select * from harmony.fetch('bench', array['bench'], array['bench'], array[10], 10, {turn})",
                connection,
                transaction);
            using var plan = JsonDocument.Parse((string)(await fetch.ExecuteScalarAsync(cancellationToken))!);
            var node = plan.RootElement[0].GetProperty("Plan");
            buffers.Add(node.GetProperty("Shared Hit Blocks").GetInt64() + node.GetProperty("Shared Read Blocks").GetInt64());
            await transaction.RollbackAsync(cancellationToken);
        }

        var figure = BenchFigure.Of($"fetch of 10, {when}", "buffers", buffers);
        say(figure.ToString());
        return figure;
    }
}
