namespace Harmony.Sandbox;

/// <summary>The system's time plus an offset that a test sets. Delays stay real.</summary>
public sealed class SandboxClock(TimeProvider system) : TimeProvider
{
    private long _offsetTicks;

    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => system.GetUtcNow() + Offset;
}
