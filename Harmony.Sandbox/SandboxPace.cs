namespace Harmony.Sandbox;

/// <summary>The time, and how much faster than life the sandbox goes.</summary>
internal sealed record SandboxPace(TimeProvider Clock, double Speed);
