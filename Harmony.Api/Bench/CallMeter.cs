using System.Diagnostics.Metrics;

namespace Harmony.Api.Bench;

/// <summary>How often this process called a provider or the database, and how long it waited for the answers.</summary>
public sealed class CallMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private Calls _provider = Calls.None;
    private Calls _database = Calls.None;

    public CallMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "http.client.request.duration" or "db.client.operation.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, seconds, _, _) => Count(instrument.Name.StartsWith("http", StringComparison.Ordinal), seconds));
        _listener.Start();
    }

    /// <summary>What was counted since the last time it was asked.</summary>
    public (Calls Provider, Calls Database) Take()
    {
        lock (_gate)
        {
            var counted = (_provider, _database);
            (_provider, _database) = (Calls.None, Calls.None);
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

public sealed record Calls(long Number, double Seconds)
{
    public static readonly Calls None = new(0, 0);
}
