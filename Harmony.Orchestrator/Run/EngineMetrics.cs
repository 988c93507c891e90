using System.Diagnostics.Metrics;

namespace Harmony.Orchestrator;

/// <summary>The metrics of the engine in this process.</summary>
internal static class EngineMetrics
{
    public const string MeterName = "Harmony.Orchestrator";

    // Runs take from milliseconds to hours, and so do waits.
    private static readonly InstrumentAdvice<double> Seconds =
        new() { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600] };

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Jobs = Meter.CreateCounter<long>("harmony_jobs_ended", description: "Runs by kind and ending");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("harmony_job_retries", description: "Failed runs that get another try");
    private static readonly Counter<long> Dead = Meter.CreateCounter<long>("harmony_job_dead_letters", description: "Runs that ended as a dead letter");
    private static readonly Counter<long> Lost = Meter.CreateCounter<long>("harmony_leases_lost", description: "Runs that lost their job");
    private static readonly Histogram<double> Durations =
        Meter.CreateHistogram("harmony_job_duration_seconds", "s", "How long runs took", advice: Seconds);

    private static readonly Histogram<double> Waits =
        Meter.CreateHistogram("harmony_job_wait_seconds", "s", "From due to started, per lane", advice: Seconds);

    /// <summary>Rates need a zero before the first event: every kind is recorded from the start.</summary>
    public static void Declare(IEnumerable<string> kinds)
    {
        foreach (var kind in kinds)
        {
            Retries.Add(0, Of(kind));
            Dead.Add(0, Of(kind));
            Lost.Add(0, Of(kind));
        }
    }

    public static void Ended(string kind, JobOutcome outcome, TimeSpan took)
    {
        Jobs.Add(1, Of(kind), new("ending", outcome.Ending));
        Durations.Record(took.TotalSeconds, Of(kind));
        if (outcome.Ending == JobEndings.Retry)
            Retries.Add(1, Of(kind));
        else if (outcome.Ending == JobEndings.Dead)
            Dead.Add(1, Of(kind));
    }

    public static void Started(string lane, TimeSpan waited) =>
        Waits.Record(Math.Max(0, waited.TotalSeconds), new KeyValuePair<string, object?>("lane", lane));

    public static void LeaseLost(string kind) => Lost.Add(1, Of(kind));

    private static KeyValuePair<string, object?> Of(string kind) => new("kind", kind);
}
