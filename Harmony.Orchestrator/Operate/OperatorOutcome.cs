using System.Text.Json;

namespace Harmony.Orchestrator;

/// <summary>The outcome of an operator's request for one job.</summary>
public enum OperatorOutcome
{
    Requeued,
    Purged,
    Cancelled,

    /// <summary>It waited for a time and is due now.</summary>
    Due,

    /// <summary>It has the new priority.</summary>
    Changed,

    /// <summary>A live job holds the same unique key: this job was discarded.</summary>
    Superseded,

    /// <summary>A worker or another operator holds the lock of the job.</summary>
    Busy,
    NotFound,
    NotDeadLetter,
    AlreadyEnded,
    NotScheduled,
}

/// <summary>The outcome of each job of a request for many.</summary>
public sealed record JobOperated(long JobId, OperatorOutcome Outcome);

/// <summary>The names of the outcomes in the SQL functions and in the API: the enum names in snake case.</summary>
public static class OperatorOutcomes
{
    private static readonly Dictionary<OperatorOutcome, string> Words =
        Enum.GetValues<OperatorOutcome>().ToDictionary(o => o, o => JsonNamingPolicy.SnakeCaseLower.ConvertName(o.ToString()));

    private static readonly Dictionary<string, OperatorOutcome> ByWord = Words.ToDictionary(w => w.Value, w => w.Key, StringComparer.Ordinal);

    public static string Word(this OperatorOutcome outcome) => Words[outcome];

    /// <summary>The request succeeded.</summary>
    public static bool IsDone(this OperatorOutcome outcome) =>
        outcome is OperatorOutcome.Requeued or OperatorOutcome.Purged or OperatorOutcome.Cancelled or OperatorOutcome.Due or OperatorOutcome.Changed;

    internal static OperatorOutcome Of(string word) => ByWord[word];
}
