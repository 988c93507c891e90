namespace Harmony.Jobs.Files;

/// <summary>Reason codes: <c>missing</c>, <c>size_mismatch</c>, <c>unknown_format</c>, <c>unreadable</c>, <c>corrupt</c>, <c>duration_mismatch</c>, <c>format_not_wanted</c>. The sentence is for people.</summary>
internal sealed record AudioVerdict(
    bool Ok,
    string? ReasonCode,
    string? Sentence,
    string Format,
    TimeSpan Duration);
