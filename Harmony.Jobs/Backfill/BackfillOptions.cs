using System.ComponentModel.DataAnnotations;

namespace Harmony.Jobs.Backfill;

public sealed class BackfillOptions
{
    [Range(1, 10_000)]
    public int MaxItems { get; init; } = 2000;

    public TimeSpan CacheTtl { get; init; } = TimeSpan.FromDays(7);
}
