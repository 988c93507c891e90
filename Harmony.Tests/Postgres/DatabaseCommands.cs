using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>The commands that this process sends to one database while the recording lasts, as Npgsql's own tracing reports them.</summary>
internal sealed class DatabaseCommands : IDisposable
{
    private readonly ConcurrentQueue<string> _sent = new();
    private readonly ActivityListener _listener;
    private readonly string _database;

    private DatabaseCommands(string database)
    {
        _database = database;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Record,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>One text per round trip: a batch, or statements joined by semicolons, is one.</summary>
    public IReadOnlyList<string> Sent => [.. _sent];

    /// <summary>All statements of all commands.</summary>
    public IReadOnlyList<string> Statements => [.. _sent.SelectMany(text => text.Split(';')).Select(s => s.Trim()).Where(s => s.Length > 0)];

    public static DatabaseCommands Of(TestDatabase database) => new(new NpgsqlConnectionStringBuilder(database.ConnectionString).Database!);

    public void Clear() => _sent.Clear();

    public void Dispose() => _listener.Dispose();

    private void Record(Activity activity)
    {
        if (activity.GetTagItem("db.query.text") is string text && activity.TagObjects.Any(t => t.Key is "db.namespace" or "db.name" && Equals(t.Value, _database)))
            _sent.Enqueue(text);
    }
}
