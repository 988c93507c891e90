using System.Diagnostics;
using System.Globalization;
using Harmony.Data;

namespace Harmony.Bench.Sync;

/// <summary>CPU seconds so far: of this process, of another one, and of the database server where it runs on this machine.</summary>
internal sealed record CpuTimes(double Worker, double Other, double Database)
{
    // What Linux counts a process's time in, since ever.
    private const double TicksPerSecond = 100;

    public double All => Worker + Other + Database;

    public static CpuTimes operator -(CpuTimes later, CpuTimes earlier) => Subtract(later, earlier);

    public static CpuTimes Subtract(CpuTimes later, CpuTimes earlier) =>
        new(later.Worker - earlier.Worker, later.Other - earlier.Other, later.Database - earlier.Database);

    /// <param name="other">A process that works for this one.</param>
    /// <param name="server">What <see cref="ServerAsync"/> found.</param>
    public static CpuTimes Read(int other, int? server)
    {
        using var own = Process.GetCurrentProcess();
        using var helper = Process.GetProcessById(other);
        return new CpuTimes(own.TotalProcessorTime.TotalSeconds, helper.TotalProcessorTime.TotalSeconds, server is { } id ? ServerSeconds(id) : 0);
    }

    /// <summary>The process of the database server that all its sessions are children of; null where it is not on this machine.</summary>
    public static async Task<int?> ServerAsync(Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return Stat(connection.ProcessID) is { } session && session.Name.StartsWith("postgres", StringComparison.Ordinal) ? session.Parent : null;
    }

    // The server itself carries the time of the sessions that have ended.
    private static double ServerSeconds(int server)
    {
        double ticks = Stat(server) is { } own ? own.Ticks + own.EndedTicks : 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Stat(id) is { } child && child.Parent == server)
                ticks += child.Ticks;
        }

        return ticks / TicksPerSecond;
    }

    private static ProcessStat? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name stands in brackets and may hold anything.
            var end = text.LastIndexOf(')');
            var fields = text[(end + 2)..].Split(' ');
            return new ProcessStat(text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..end], int.Parse(fields[1], CultureInfo.InvariantCulture), Number(11) + Number(12), Number(13) + Number(14));

            long Number(int at) => long.Parse(fields[at], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or there is no such folder on this system.
            return null;
        }
    }

    private sealed record ProcessStat(string Name, int Parent, long Ticks, long EndedTicks);
}
