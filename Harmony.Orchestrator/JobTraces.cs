using System.Diagnostics;

namespace Harmony.Orchestrator;

/// <summary>A run as part of the trace that enqueued it. The host decides about listeners.</summary>
public static class JobTraces
{
    public const string SourceName = "Harmony.Jobs";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The value an enqueue stores with its jobs: the current trace as a traceparent, or null.</summary>
    public static string Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : "";

    public static Activity Start(JobTicket ticket)
    {
        // Rows of an older version, or written by hand, may hold any text: then the run begins a new trace.
        var known = ActivityContext.TryParse(ticket.TraceId, null, isRemote: true, out var parent);
        var activity = Source.StartActivity(
            $"job {ticket.Kind}",
            ActivityKind.Consumer,
            parent,
            [
                new("job_id", ticket.JobId),
                new("kind", ticket.Kind),
                new("lane", ticket.Lane),
                new("attempt", ticket.Attempts + 1),
            ]);
        return activity ?? WithoutListener(ticket, known ? parent : null);
    }

    /// <summary>Only codes and types: messages may hold confidential data.</summary>
    public static void End(Activity activity, JobOutcome? outcome)
    {
        activity.SetTag("outcome", outcome?.Ending ?? "lost");
        if (outcome is { Ending: not (JobEndings.Retry or JobEndings.Dead) })
            return;
        if (outcome?.ErrorType is { } type)
            activity.SetTag("error.type", type);
        activity.SetStatus(ActivityStatusCode.Error, outcome is null ? "lease lost" : outcome.ReasonCode ?? outcome.ErrorType);
    }

    // There is no listener here, but the jobs this run enqueues may run in a process that has one.
    private static Activity WithoutListener(JobTicket ticket, ActivityContext? parent)
    {
        var activity = new Activity($"job {ticket.Kind}");
        if (parent is { } known)
            activity.SetParentId(known.TraceId, known.SpanId, known.TraceFlags);
        return activity.Start();
    }
}
