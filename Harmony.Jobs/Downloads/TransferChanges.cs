using Harmony.Data.Downloads;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Jobs.Downloads;

/// <summary>The changes of a poll of slskd that must be written, if any. Pure.</summary>
internal static class TransferChanges
{
    public static TransferUpdate? Of(Transfer row, SlskdTransfer? seen)
    {
        if (seen is null
            || (seen.State == row.TransferState && seen.BytesTransferred == row.Bytes && seen.Id == row.SlskdTransferId))
        {
            return null;
        }

        var total = seen.Size > 0 ? seen.Size : row.BytesTotal;
        var progress = total is > 0 ? 100.0 * seen.BytesTransferred / total.Value : seen.PercentComplete;
        return new TransferUpdate(
            row.Id, row.SlskdBatchId, seen.Id, seen.State, Math.Max(0, seen.BytesTransferred), total, Math.Clamp(progress, 0, 100));
    }
}
