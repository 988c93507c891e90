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

/// <summary>A judged file. <c>Rejection</c> is the reason as a sentence, and <c>Passed</c> the number of rules before the one that rejected it.</summary>
internal sealed record RankedCandidate(Candidate Candidate, double Score, bool Accepted, string? Rejection, int Passed);
