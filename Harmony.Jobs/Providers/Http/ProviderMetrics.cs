using System.Diagnostics.Metrics;

namespace Harmony.Jobs.Providers.Http;

/// <summary>The metrics of the providers in this process.</summary>
public static class ProviderMetrics
{
    public const string MeterName = "Harmony.Providers";

    private static readonly InstrumentAdvice<double> Seconds =
        new() { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] };

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("harmony_provider_calls", description: "Calls by provider and outcome");
    private static readonly Counter<long> Unread = Meter.CreateCounter<long>("harmony_provider_bad_replies", description: "Answers that were not what they should be");
    private static readonly Histogram<double> Durations =
        Meter.CreateHistogram("harmony_provider_call_duration_seconds", "s", "How long calls took, without waiting for a turn", advice: Seconds);

    /// <summary>Rates need a zero before the first event.</summary>
    public static void Declare(IEnumerable<string> providers)
    {
        foreach (var provider in providers)
        {
            Unread.Add(0, Of(provider));
            foreach (var outcome in CallOutcome.All)
                Calls.Add(0, Of(provider), new("outcome", outcome));
        }
    }

    public static void Called(string provider, string outcome, TimeSpan took)
    {
        Calls.Add(1, Of(provider), new("outcome", outcome));
        Durations.Record(took.TotalSeconds, Of(provider));
    }

    public static void BadReply(string provider) => Unread.Add(1, Of(provider));

    private static KeyValuePair<string, object?> Of(string provider) => new("provider", provider);
}
