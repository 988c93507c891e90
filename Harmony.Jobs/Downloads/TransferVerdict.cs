namespace Harmony.Jobs.Downloads;

internal enum TransferOutcome
{
    Waiting,
    Succeeded,

    /// <summary>The transfer was lost without a refusal: ask the same peer again.</summary>
    Lost,

    /// <summary>This peer will not deliver.</summary>
    Failed,
}

internal sealed record TransferVerdict(TransferOutcome Outcome, string ReasonCode, string Sentence);
