namespace Harmony.Orchestrator.Schedules;

/// <summary>A due slot, and whether it is fired or only recorded as missed.</summary>
internal readonly record struct DueSlot(DateTimeOffset At, bool Fires);

/// <summary>Decides about the slots between the last handled slot and now. Pure.</summary>
internal static class DueSlots
{
    // A year of missed minutes is not worth half a million rows: the newest are enough.
    private const int MostNoted = 100;
    private const int MostMadeUpFor = 1000;
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<DueSlot> Of(Schedule schedule, DateTimeOffset last, DateTimeOffset now)
    {
        if (schedule.Misfire == Misfire.All)
            return [.. schedule.SlotsAfter(last).TakeWhile(s => s <= now).Take(MostMadeUpFor).Select(s => new DueSlot(s, true))];

        var newest = new Queue<DateTimeOffset>();
        foreach (var slot in schedule.SlotsAfter(last).TakeWhile(s => s <= now))
        {
            if (newest.Count == MostNoted)
                newest.Dequeue();
            newest.Enqueue(slot);
        }

        var fires = newest.Count > 0 && (schedule.Misfire == Misfire.Once || now - newest.Last() <= Late);
        return [.. newest.Select((s, i) => new DueSlot(s, fires && i == newest.Count - 1))];
    }
}
