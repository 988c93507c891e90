using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Harmony.Api.Health;

/// <summary>Listens to this process's own instruments and keeps their totals for the next scrape.</summary>
internal sealed class Measurements : IDisposable
{
    private static readonly string[] Meters = ["Harmony", "Microsoft.AspNetCore.Hosting", "Npgsql"];
    private static readonly double[] NoBounds = [];
    private readonly ConcurrentDictionary<(string Name, string Labels), Cell> _cells = new();
    private readonly MeterListener _listener = new();

    public Measurements()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Meters.Any(m => instrument.Meter.Name == m || instrument.Meter.Name.StartsWith($"{m}.", StringComparison.Ordinal)))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Take(i, v, tags));
        _listener.Start();
    }

    /// <summary>Name, type, labels and value of everything measured so far.</summary>
    public IReadOnlyList<Sample> Read()
    {
        _listener.RecordObservableInstruments();
        var samples = new List<Sample>();
        foreach (var ((name, labels), cell) in _cells.OrderBy(c => c.Key.Name, StringComparer.Ordinal).ThenBy(c => c.Key.Labels, StringComparer.Ordinal))
        {
            var (count, sum, buckets) = cell.Read();
            if (cell.Type is not ("summary" or "histogram"))
            {
                samples.Add(new(name, cell.Type, name, labels, sum));
                continue;
            }

            foreach (var (bound, upTo) in buckets)
                samples.Add(new(name, cell.Type, $"{name}_bucket", $"{labels}{(labels.Length == 0 ? "" : ",")}le=\"{bound}\"", upTo));
            samples.Add(new(name, cell.Type, $"{name}_sum", labels, sum));
            samples.Add(new(name, cell.Type, $"{name}_count", labels, count));
        }

        return samples;
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isObserved = instrument.IsObservable;
        var type = TypeOf(instrument);
        var name = PrometheusName.Of(instrument.Name, instrument.Unit, type);
        var labels = new StringBuilder();
        foreach (var (key, tag) in tags)
            labels.Append(labels.Length == 0 ? "" : ",").Append(PrometheusName.Of(key)).Append("=\"").Append(PrometheusName.Escaped(tag?.ToString())).Append('"');
        _cells.GetOrAdd((name, labels.ToString()), static (_, c) => new Cell(c.type, c.bounds), (type, bounds: BoundsOf(instrument, type))).Add(value, replace: isObserved);
    }

    private static string TypeOf(Instrument instrument)
    {
        var kind = instrument.GetType().Name;
        return kind.StartsWith("Histogram", StringComparison.Ordinal) ? BoundsOf(instrument, "histogram").Count > 0 ? "histogram" : "summary"
            : kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal) ? "counter"
            : "gauge";
    }

    // Buckets for our own instruments only: a dozen more lines for each route of the web server would drown them.
    private static IReadOnlyList<double> BoundsOf(Instrument instrument, string type) =>
        type == "histogram" && instrument.Meter.Name.StartsWith("Harmony", StringComparison.Ordinal)
            ? (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? NoBounds
            : NoBounds;

    private sealed class Cell(string type, IReadOnlyList<double> bounds)
    {
        private readonly Lock _gate = new();
        private readonly long[] _within = new long[bounds.Count];
        private double _sum;
        private long _count;

        public string Type { get; } = type;

        public void Add(double value, bool replace)
        {
            lock (_gate)
            {
                _sum = replace ? value : _sum + value;
                _count++;
                for (var i = 0; i < bounds.Count; i++)
                    _within[i] += value <= bounds[i] ? 1 : 0;
            }
        }

        public (long Count, double Sum, IReadOnlyList<(string Bound, long UpTo)> Buckets) Read()
        {
            lock (_gate)
            {
                return (_count, _sum, bounds.Count == 0
                    ? []
                    : [.. bounds.Select((b, i) => (b.ToString("R", CultureInfo.InvariantCulture), _within[i])), ("+Inf", _count)]);
            }
        }
    }
}

/// <summary>One line of the scrape: the family it belongs to, its own name, labels and value.</summary>
public sealed record Sample(string Family, string Type, string Name, string Labels, double Value);
