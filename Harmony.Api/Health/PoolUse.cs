using System.Diagnostics.Metrics;

namespace Harmony.Api.Health;

/// <summary>This process's connections to PostgreSQL, as the driver counts them.</summary>
public sealed record PoolUse(long Used, long Idle, long Most)
{
    public static PoolUse Read()
    {
        long used = 0, idle = 0, most = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Meter.Name == "Npgsql" && instrument.IsObservable)
                all.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "db.client.connection.max")
                most += value;
            else if (instrument.Name == "db.client.connection.count" && StateOf(tags) == "used")
                used += value;
            else if (instrument.Name == "db.client.connection.count")
                idle += value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return new(used, idle, most);
    }

    private static string? StateOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (name.EndsWith("state", StringComparison.Ordinal))
                return value as string;
        }

        return null;
    }
}
