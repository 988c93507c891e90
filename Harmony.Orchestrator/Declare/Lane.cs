namespace Harmony.Orchestrator;

/// <summary>At most <paramref name="Permits"/> starts in any <paramref name="Window"/>, over all processes.</summary>
public sealed record RateWindow(int Permits, TimeSpan Window);

/// <summary>A lane is shared by several kinds: its width is the number of concurrent runs in one process.</summary>
public sealed record Lane(string Name, int Width)
{
    public RateWindow? Rate { get; init; }
}
