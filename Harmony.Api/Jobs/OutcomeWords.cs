using System.Diagnostics;
using Harmony.Api.Http;
using Harmony.Orchestrator;

namespace Harmony.Api.Jobs;

/// <summary>The outcomes of operator requests in the words of the API and of the pages.</summary>
internal static class OutcomeWords
{
    /// <summary>The error of the API; null for an outcome that is no error.</summary>
    public static ApiError? Error(OperatorOutcome outcome) => outcome switch
    {
        OperatorOutcome.NotFound => ApiError.NotFound("Job"),
        OperatorOutcome.Busy => ApiError.Locked("Another operator or a worker holds this job; try again."),
        OperatorOutcome.Superseded => ApiError.Conflict("A live job holds the same key; this one was discarded as superseded."),
        OperatorOutcome.NotDeadLetter => ApiError.Conflict("The job is not a dead letter."),
        OperatorOutcome.AlreadyEnded => ApiError.Conflict("The job has ended already."),
        OperatorOutcome.NotScheduled => ApiError.Conflict("The job does not wait for a time."),
        _ when outcome.IsDone() => null,
        _ => throw new UnreachableException($"There is no error for {outcome}."),
    };

    /// <summary>The words after "3 jobs" or "Job 42 is".</summary>
    public static string Sentence(OperatorOutcome outcome) => outcome switch
    {
        OperatorOutcome.Requeued => "requeued with the full number of attempts",
        OperatorOutcome.Purged => "purged, only the history remains",
        OperatorOutcome.Cancelled => "cancelled",
        OperatorOutcome.Due => "due now",
        OperatorOutcome.Changed => "changed",
        OperatorOutcome.Superseded => "discarded, because a live job holds the same key",
        OperatorOutcome.Busy => "locked by a worker or another operator at this moment, try again",
        OperatorOutcome.NotFound => "not found",
        OperatorOutcome.NotDeadLetter => "no longer a dead letter",
        OperatorOutcome.AlreadyEnded => "already ended",
        OperatorOutcome.NotScheduled => "not waiting for a time any more",
        _ => throw new UnreachableException($"There are no words for {outcome}."),
    };
}
