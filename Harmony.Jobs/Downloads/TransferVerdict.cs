namespace Harmony.Jobs.Downloads;

internal enum TransferOutcome
{
    Waiting,
    Succeeded,

    /// <summary>Nobody refused it, it just is not there any more: ask the same peer again.</summary>
    Lost,

    /// <summary>This peer will not deliver.</summary>
    Failed,
}

internal sealed record TransferVerdict(TransferOutcome Outcome, string ReasonCode, string Sentence);
