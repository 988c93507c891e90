using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Harmony.Orchestrator.Schedules;

/// <summary>The handling of slots that passed while no process could fire them.</summary>
public enum Misfire
{
    /// <summary>The newest slot is fired late, the others are recorded as missed.</summary>
    Once,

    /// <summary>No slot is fired late: only a slot of the last minute still fires.</summary>
    Skip,

    /// <summary>Every slot is fired late, oldest first.</summary>
    All,
}

/// <summary>Enqueues a kind by time: at the instants of a cron expression, or once per interval.</summary>
public sealed record Schedule
{
    public required string Name { get; init; }

    public required string Kind { get; init; }

    public string ArgsJson { get; init; } = "{}";

    /// <summary>Either this or <see cref="Every"/>.</summary>
    public Cron? Cron { get; init; }

    public TimeSpan? Every { get; init; }

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public Misfire Misfire { get; init; } = Misfire.Once;

    public bool Enabled { get; init; } = true;

    public string Expression => Cron?.Text ?? string.Create(CultureInfo.InvariantCulture, $"every {Every!.Value.TotalSeconds:0} s");

    /// <summary>The slots after an instant: a pure function, so that every process computes the same slots.</summary>
    public IEnumerable<DateTimeOffset> SlotsAfter(DateTimeOffset instant) => Cron is not null ? Cron.After(instant, Zone) : Intervals(instant, Every!.Value);

    /// <summary>The delay between slot and due time of the job: a twentieth of an interval at most, the same in every process.</summary>
    public TimeSpan DelayOf(DateTimeOffset slot)
    {
        if (Every is not { } every)
            return TimeSpan.Zero;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Name}:{slot.ToUnixTimeSeconds()}")));
        return every * (BitConverter.ToUInt16(hash) / (double)ushort.MaxValue) / 20;
    }

    // Slot = floor(epoch / interval).
    private static IEnumerable<DateTimeOffset> Intervals(DateTimeOffset instant, TimeSpan every)
    {
        var number = instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        for (var slot = (number / every.Ticks) + 1; ; slot++)
            yield return DateTimeOffset.UnixEpoch.AddTicks(slot * every.Ticks);
    }
}
