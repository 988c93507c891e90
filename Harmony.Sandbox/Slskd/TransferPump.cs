using Harmony.Sandbox.Catalog;
using Harmony.Sandbox.Faults;

namespace Harmony.Sandbox.Slskd;

/// <summary>Moves every living transfer one step further, fifty times a second.</summary>
internal sealed class TransferPump : IAsyncDisposable
{
    private const int Slots = 4;
    private const int Attempts = 3;
    private readonly TransferDesk _desk;
    private readonly PeerLibrary _shares;
    private readonly FaultBook _faults;
    private readonly LandingFolders _folders;
    private readonly EventLog _events;
    private readonly SandboxPace _pace;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public TransferPump(TransferDesk desk, PeerLibrary shares, FaultBook faults, LandingFolders folders, EventLog events, SandboxPace pace)
    {
        (_desk, _shares, _faults, _folders, _events, _pace) = (desk, shares, faults, folders, events, pace);
        _running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!_stop.IsCancellationRequested)
        {
            Step();
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Step()
    {
        List<Transfer> starting;
        lock (_desk.Gate)
        {
            foreach (var transfer in _desk.All.Where(transfer => transfer.IsAlive).ToList())
                Advance(transfer, _pace.Clock.GetUtcNow());
            starting = _desk.All.FindAll(transfer => transfer is { State: TransferState.Initializing, Content: null });
        }
        // Making the bytes takes a while: not while callers wait for the gate.
        foreach (var transfer in starting)
            transfer.Content = ContentOf(transfer);
    }

    private byte[] ContentOf(Transfer transfer)
    {
        var bytes = _shares.Content(_shares.Find(transfer.Username, transfer.Filename)!);
        if (_faults.Strike(FaultRule.Corrupt, transfer.Username, transfer.Filename) is null)
            return bytes;
        var damaged = bytes.ToArray();
        damaged.AsSpan(damaged.Length / 2, Math.Min(64, damaged.Length / 2)).Fill(0x55);
        return damaged;
    }

    private void Advance(Transfer transfer, DateTimeOffset now)
    {
        var before = transfer.State;
        var due = now >= transfer.PhaseEndsAt;
        switch (transfer.State)
        {
            case TransferState.QueuedLocally when due && HasSlot():
                Request(transfer, now);
                break;
            case TransferState.Requested when due:
                Answer(transfer, now);
                break;
            case TransferState.QueuedRemotely:
                Wait(transfer, now, due);
                break;
            case TransferState.Initializing when due:
                Begin(transfer, now);
                break;
            case TransferState.InProgress:
                Receive(transfer, now);
                break;
            case TransferState.Succeeded when due:
                Land(transfer, now);
                break;
            default:
                return;
        }
        if (transfer.State != before)
            _desk.Save(transfer);
    }

    private bool HasSlot() => _desk.All.Count(transfer => transfer.HoldsSlot) < Slots;

    private void Request(Transfer transfer, DateTimeOffset now)
    {
        transfer.State = TransferState.Requested;
        transfer.Attempts++;
        transfer.Exception = null;
        transfer.EndedAt = null;
        transfer.StartedAt = null;
        transfer.PhaseEndsAt = now.AddMilliseconds(80);
    }

    private void Answer(Transfer transfer, DateTimeOffset now)
    {
        var file = _shares.Find(transfer.Username, transfer.Filename);
        if (file is null || file.Locked)
            transfer.End(TransferState.Rejected, now, "Transfer rejected: File not shared.");
        else if (_faults.Strike(FaultRule.TransferRejected, transfer.Username, transfer.Filename) is { } rejected)
            transfer.End(TransferState.Rejected, now, $"Transfer rejected: {rejected.Body ?? "Enqueue failed due to internal error"}");
        else
            Queue(transfer, file, now);
    }

    private void Queue(Transfer transfer, SharedFile file, DateTimeOffset now)
    {
        transfer.EnqueuedAt = now;
        if (_faults.Strike(FaultRule.QueuedForever, transfer.Username, transfer.Filename) is { } stuck)
        {
            (transfer.State, transfer.Fault, transfer.PhaseEndsAt) = (TransferState.QueuedRemotely, stuck, DateTimeOffset.MaxValue);
            return;
        }
        var dice = new Dice(transfer.Attempts, transfer.Filename);
        var seconds = file.Peer.QueueLength > 0 ? file.Peer.QueueLength * 1.5 : dice.Share() < 0.3 ? 0.3 + (dice.Share() / 2) : 0;
        transfer.State = seconds > 0 ? TransferState.QueuedRemotely : TransferState.Initializing;
        transfer.PhaseEndsAt = now.AddSeconds(seconds > 0 ? seconds / _pace.Speed : 0.06);
    }

    private void Wait(Transfer transfer, DateTimeOffset now, bool due)
    {
        if (!due || !HasSlot())
            return;
        transfer.State = TransferState.Initializing;
        transfer.PlaceInQueue = null;
        transfer.PhaseEndsAt = now.AddMilliseconds(60);
    }

    private void Begin(Transfer transfer, DateTimeOffset now)
    {
        if (transfer.Content is null)
            return;
        var size = transfer.Content.Length;
        if (_faults.Strike(FaultRule.WrongSize, transfer.Username, transfer.Filename) is not null)
            size -= 1000;
        if (size != transfer.Size)
        {
            transfer.End(TransferState.Aborted, now, $"Transfer aborted: the remote size of {size} does not match expected size {transfer.Size}");
            return;
        }
        transfer.State = TransferState.InProgress;
        transfer.StartedAt = now;
        transfer.ResumedAt = Math.Min(_folders.PartialLength(transfer), transfer.Size);
        transfer.BytesTransferred = transfer.ResumedAt;
        transfer.Fault = _faults.Strike(FaultRule.TransferErrored, transfer.Username, transfer.Filename)
            ?? _faults.Strike(FaultRule.TransferStalled, transfer.Username, transfer.Filename);
    }

    private void Receive(Transfer transfer, DateTimeOffset now)
    {
        var seconds = (1 + (3 * new Dice(0, transfer.Username + transfer.Filename).Share())) / _pace.Speed;
        var elapsed = (now - transfer.StartedAt!.Value).TotalSeconds;
        var until = Math.Min(transfer.Size, transfer.ResumedAt + (long)(transfer.Size * elapsed / seconds));
        var limit = transfer.Fault is { } fault ? (long)(transfer.Size * fault.Percent / 100) : transfer.Size;
        transfer.BytesTransferred = Math.Max(transfer.BytesTransferred, Math.Min(until, limit));
        transfer.AverageSpeed = elapsed > 0 ? (transfer.BytesTransferred - transfer.ResumedAt) / elapsed : 0;
        _folders.Append(transfer, transfer.BytesTransferred);
        if (transfer.Fault?.Kind == FaultRule.TransferErrored && until >= limit)
            Break(transfer, now);
        else if (transfer.Fault is null && transfer.BytesTransferred == transfer.Size)
            Finish(transfer, now);
    }

    // Between its own attempts slskd shows "Queued, Locally" with an exception and an end: neither means it is over.
    private void Break(Transfer transfer, DateTimeOffset now)
    {
        var again = !transfer.Fault!.Final && transfer.Attempts < Attempts;
        transfer.End(
            again ? TransferState.QueuedLocally : TransferState.Errored, now,
            transfer.Fault.Body ?? $"Failed to establish a direct or indirect message connection to {transfer.Username} (127.0.0.1:50301)");
        transfer.PhaseEndsAt = now.AddSeconds(5 / _pace.Speed);
        (transfer.Fault, transfer.Content) = (null, null);
    }

    // The state is written first, the file moved a little later: the gap is real and never shortened.
    private static void Finish(Transfer transfer, DateTimeOffset now)
    {
        transfer.End(TransferState.Succeeded, now);
        transfer.Content = null;
        transfer.PhaseEndsAt = now.AddMilliseconds(25);
    }

    private void Land(Transfer transfer, DateTimeOffset now)
    {
        transfer.Landed = true;
        if (File.Exists(_folders.PartialOf(transfer)))
        {
            var local = _folders.Land(transfer, now);
            _events.FileComplete(transfer, local);
            if (!_desk.All.Exists(other => other.IsAlive && other.Username == transfer.Username && other.Folder == transfer.Folder))
                _events.DirectoryComplete(transfer, Path.GetDirectoryName(local)!);
        }
        _desk.Save(transfer);
    }
}
