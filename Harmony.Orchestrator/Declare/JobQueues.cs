namespace Harmony.Orchestrator;

/// <summary>The queues of our lanes in Hangfire's storage; harmony.queue_of names them in SQL.</summary>
public static class JobQueues
{
    /// <summary>Tickets of paused kinds and closed gates wait here.</summary>
    public const string Parked = "parked";

    private static readonly string[] Bands = ["a", "b", "c"];

    /// <summary>Above, at and below the default priority of the kind.</summary>
    public static IEnumerable<string> Of(Lane lane) => Bands.Select(band => $"{lane.Name}_{band}");

    public static bool IsOurs(IEnumerable<Lane> lanes, string queue) => queue == Parked || lanes.SelectMany(Of).Contains(queue);
}
