namespace Harmony.Jobs.Backfill;

public sealed class BackfillOptions
{
    public int MaxItems { get; init; } = 2000;

    public TimeSpan CacheTtl { get; init; } = TimeSpan.FromDays(7);
}
