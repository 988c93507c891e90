namespace Harmony.Jobs.Providers.Slskd;

/// <summary>Length in seconds, bit rate in kbit/s. FLAC comes without a bit rate, MP3 without a sample rate: everything but name and size may be missing.</summary>
internal sealed record SlskdFile(
    string Filename,
    long Size,
    string? Extension = null,
    int? BitRate = null,
    int? BitDepth = null,
    int? SampleRate = null,
    int? Length = null,
    bool? IsVariableBitRate = null,
    bool IsLocked = false);

internal sealed record SlskdPeerResponse(
    string Username,
    bool HasFreeUploadSlot,
    long QueueLength,
    long UploadSpeed,
    IReadOnlyList<SlskdFile> Files);

/// <summary><c>Ended</c> only when slskd has stored the responses too; its own <c>isComplete</c> comes earlier.</summary>
internal sealed record SlskdSearch(Guid Id, bool Ended, string State, IReadOnlyList<SlskdPeerResponse> Responses)
{
    /// <summary>Ended without having asked everybody: that nobody answered says nothing.</summary>
    public bool IsBroken => Ended && (State.Contains("Errored", StringComparison.Ordinal) || (State.Contains("Cancelled", StringComparison.Ordinal) && Responses.Count == 0));
}

internal sealed record SlskdFailure(string Filename, string Message);

internal sealed record SlskdBatchResult(
    Guid Id,
    bool UserOffline,
    IReadOnlyList<SlskdTransfer> Transfers,
    IReadOnlyList<SlskdFailure> Failures);

internal sealed record SlskdTransfer(
    string Id,
    Guid? BatchId,
    string Username,
    string Filename,
    long Size,
    string State,
    long BytesTransferred,
    double AverageSpeed,
    double PercentComplete,
    int? PlaceInQueue,
    string? Exception)
{
    /// <summary>The only reliable sign of an end: an error text or an end time may belong to a try that slskd repeats by itself.</summary>
    public bool IsCompleted => Flags.Contains("Completed");

    public bool Succeeded => IsCompleted && Flags.Contains("Succeeded");

    private string[] Flags => State.Split(", ");
}
