namespace Harmony.Jobs.Files;

/// <summary>The data that the tag library read from a file; with a fault it could not read it.</summary>
internal sealed record AudioProbe(string? Fault, string? Format, TimeSpan Duration);
