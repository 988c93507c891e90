using System.Diagnostics.Metrics;

namespace Harmony.Orchestrator;

/// <summary>What this process saw, for whoever listens to the meter.</summary>
public static class EngineMetrics
{
    public const string MeterName = "Harmony.Orchestrator";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Jobs = Meter.CreateCounter<long>("harmony_jobs_ended", description: "Runs by kind and ending");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("harmony_job_duration_seconds", "s", "How long runs took");
    private static readonly Counter<long> Lost = Meter.CreateCounter<long>("harmony_leases_lost", description: "Runs that lost their job");

    public static void Ended(string kind, string ending, TimeSpan took)
    {
        Jobs.Add(1, new("kind", kind), new("ending", ending));
        Durations.Record(took.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
    }

    public static void LeaseLost(string kind) => Lost.Add(1, new KeyValuePair<string, object?>("kind", kind));
}
