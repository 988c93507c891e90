using Harmony.Data.Downloads;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Jobs.Downloads;

/// <summary>One list of slskd's downloads: maps its records to ours, and finds the sending peers. Pure.</summary>
internal sealed class SlskdDownloads(IReadOnlyList<SlskdTransfer> transfers)
{
    private readonly ILookup<(string Username, string Filename), SlskdTransfer> _byFile =
        transfers.ToLookup(t => (t.Username, t.Filename));

    private readonly HashSet<string> _sending =
        [.. transfers.Where(t => t.State == "InProgress").Select(t => t.Username)];

    public bool IsAnyMoving => _sending.Count > 0;

    public bool IsSending(string username) => _sending.Contains(username);

    /// <summary>
    /// Our batch first. After a restart slskd continues under a new id and perhaps without the batch, so a record of the same
    /// peer and file without another batch counts too; a live record comes before an ended one.
    /// </summary>
    public SlskdTransfer? Find(Transfer row) =>
        _byFile[(row.Username, row.Filename)]
            .Where(t => t.BatchId == row.SlskdBatchId || (t.BatchId is null && !t.Succeeded))
            .OrderByDescending(t => t.Succeeded)
            .ThenBy(t => t.IsCompleted)
            .ThenByDescending(t => t.BatchId == row.SlskdBatchId)
            .FirstOrDefault();
}
