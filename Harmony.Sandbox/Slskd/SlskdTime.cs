using System.Globalization;

namespace Harmony.Sandbox.Slskd;

/// <summary>slskd mixes two forms of a timestamp: with and without the Z. All are UTC.</summary>
internal static class SlskdTime
{
    public static string WithZone(DateTimeOffset time) => WithoutZone(time) + "Z";

    public static string WithoutZone(DateTimeOffset time)
        => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
}
