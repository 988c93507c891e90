namespace Harmony.Jobs.Files.Flac;

/// <summary>A defect of a FLAC file, in words that end a sentence; never leaves <see cref="FlacCheck"/>.</summary>
internal sealed class FlacFault(string message) : Exception(message);
