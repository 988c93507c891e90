namespace Harmony.Sandbox.Slskd;

/// <summary>All downloads and batches the daemon knows. Whoever changes a transfer holds Gate and calls Save.</summary>
internal sealed class TransferDesk
{
    private readonly Dictionary<string, Transfer> _byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Transfer> _inOrder = [];
    private readonly Dictionary<string, Batch> _batches = new(StringComparer.OrdinalIgnoreCase);
    private readonly Journal<Transfer> _journal;
    private readonly Journal<Batch> _batchJournal;
    private readonly TimeProvider _clock;

    public TransferDesk(string state, TimeProvider clock)
    {
        _clock = clock;
        _journal = new Journal<Transfer>(Path.Combine(state, "transfers.jsonl"), transfer => transfer.Id);
        _batchJournal = new Journal<Batch>(Path.Combine(state, "batches.jsonl"), batch => batch.Id);
        foreach (var batch in _batchJournal.Load())
            _batches[batch.Id] = batch;
        foreach (var transfer in _journal.Load())
            Keep(transfer);
        foreach (var cut in _inOrder.Where(transfer => !transfer.IsCompleted).ToList())
            ComeBack(cut);
    }

    public Lock Gate { get; } = new();

    public List<Transfer> All => _inOrder;

    public IEnumerable<Transfer> Listed(bool includeRemoved) => _inOrder.Where(transfer => includeRemoved || !transfer.Removed);

    public Transfer? Find(string id) => _byId.GetValueOrDefault(id);

    public Batch? FindBatch(string id) => _batches.GetValueOrDefault(id);

    public void Save(Transfer transfer) => _journal.Append(transfer);

    public void Add(Batch batch)
    {
        _batches[batch.Id] = batch;
        _batchJournal.Append(batch);
    }

    /// <summary>Null when the same file of the same user is under way. Older records of it become removed.</summary>
    public Transfer? Enqueue(string username, string filename, long size, Batch? batch)
    {
        var same = _inOrder.Where(transfer => transfer.Username == username && transfer.Filename == filename).ToList();
        if (same.Exists(transfer => !transfer.IsCompleted))
            return null;
        foreach (var older in same.Where(transfer => !transfer.Removed))
        {
            older.Removed = true;
            Save(older);
        }
        var transfer = new Transfer
        {
            Id = Guid.CreateVersion7().ToString(),
            Username = username,
            Filename = filename,
            Size = size,
            RequestedAt = _clock.GetUtcNow(),
            BatchId = batch?.Id,
            Destination = batch?.Destination,
        };
        transfer.PhaseEndsAt = transfer.RequestedAt.AddMilliseconds(60);
        Keep(transfer);
        Save(transfer);
        return transfer;
    }

    /// <summary>A running one is only cancelled, even when it was asked to be removed.</summary>
    public void Cancel(Transfer transfer, bool remove)
    {
        if (!transfer.IsCompleted)
            transfer.End(TransferState.Cancelled, _clock.GetUtcNow(), "The operation was canceled.");
        else if (remove)
            transfer.Removed = true;
        else
            return;
        transfer.Content = null;
        Save(transfer);
    }

    public void Reset()
    {
        _byId.Clear();
        _inOrder.Clear();
        _batches.Clear();
        _journal.Replace([]);
        _batchJournal.Replace([]);
    }

    // After a restart: what ran is errored, hidden and asked for anew under a new id; what waited at the peer is errored and stays so.
    private void ComeBack(Transfer cut)
    {
        var waited = cut.State == TransferState.QueuedRemotely;
        cut.End(TransferState.Errored, _clock.GetUtcNow(), waited ? "One or more errors occurred. (Operation cancelled)" : "Application shut down");
        cut.Removed = !waited;
        Save(cut);
        if (waited)
            return;
        var again = cut.Again(Guid.CreateVersion7().ToString(), _clock.GetUtcNow());
        Keep(again);
        Save(again);
    }

    private void Keep(Transfer transfer)
    {
        _byId[transfer.Id] = transfer;
        _inOrder.Add(transfer);
    }
}
