namespace Harmony.Sandbox.Audio;

/// <summary>Key decides the tune.</summary>
internal sealed record Recording(string Key, string Title, string Artist, int DurationMs, AudioEncoding Encoding);
