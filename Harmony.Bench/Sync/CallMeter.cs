using System.Diagnostics.Metrics;

namespace Harmony.Bench.Sync;

/// <summary>How often this process called a provider or the database, how long it waited for the answers, and how many jobs it ended.</summary>
internal sealed class CallMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private Calls _provider = Calls.None;
    private Calls _database = Calls.None;
    private long _ended;

    public CallMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "http.client.request.duration" or "db.client.operation.duration" or "harmony_jobs_ended")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, seconds, _, _) => Count(instrument.Name.StartsWith("http", StringComparison.Ordinal), seconds));
        _listener.SetMeasurementEventCallback<long>((_, jobs, _, _) => Interlocked.Add(ref _ended, jobs));
        _listener.Start();
    }

    /// <summary>Runs that ended, of whatever kind, since the last time the counts were taken.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    /// <summary>What was counted since the last time it was asked.</summary>
    public (Calls Provider, Calls Database) Take()
    {
        lock (_gate)
        {
            var counted = (_provider, _database);
            (_provider, _database) = (Calls.None, Calls.None);
            Interlocked.Exchange(ref _ended, 0);
            return counted;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Count(bool provider, double seconds)
    {
        lock (_gate)
        {
            if (provider)
                _provider = new Calls(_provider.Number + 1, _provider.Seconds + seconds);
            else
                _database = new Calls(_database.Number + 1, _database.Seconds + seconds);
        }
    }
}

internal sealed record Calls(long Number, double Seconds)
{
    public static readonly Calls None = new(0, 0);
}
