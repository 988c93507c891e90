namespace Harmony.Jobs.Files;

/// <summary>What the tag library makes of a file; with a fault it could not read it.</summary>
internal sealed record AudioProbe(string? Fault, string? Format, TimeSpan Duration);
