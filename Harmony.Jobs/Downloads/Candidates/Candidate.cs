namespace Harmony.Jobs.Downloads.Candidates;

/// <summary>One file of one peer. Plain values only: it is stored with the download.</summary>
internal sealed record Candidate(
    string Username,
    string Filename,
    long Size,
    string Format,
    int? BitRate = null,
    int? BitDepth = null,
    int? SampleRate = null,
    int? LengthSeconds = null,
    bool HasFreeUploadSlot = false,
    long QueueLength = 0,
    long UploadSpeed = 0);

/// <summary>The reason of a rejection, as a sentence.</summary>
internal sealed record RankedCandidate(Candidate Candidate, double Score, bool Accepted, string? Rejection);
