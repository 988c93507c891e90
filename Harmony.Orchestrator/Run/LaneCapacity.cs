namespace Harmony.Orchestrator;

/// <summary>
/// How many jobs each lane can take: its width minus the runs in flight and minus the tickets a round trip under way may fetch.
/// With two sessions a round trip asks for only a part, so that the next outcomes need not wait for it.
/// </summary>
internal sealed class LaneCapacity(Catalogue catalogue, OrchestratorOptions options, InFlightJobs running, int sessions)
{
    private readonly Dictionary<string, int> _reserved = [];
    private int _reservedInAll;
    private long _turn;

    /// <summary>The tickets a round trip may ask for; they are reserved until <see cref="GiveBack"/>.</summary>
    /// <param name="leaving">Runs whose outcomes it writes: they have left their lanes, and it may fetch their successors.</param>
    public Request Ask(IReadOnlyList<InFlightJob> leaving)
    {
        var turn = _turn++;
        var left = leaving.ToLookup(r => r.Ticket.Lane);
        var whole = new Place("", options.GlobalConcurrency, running.Count, _reservedInAll, leaving.Count);
        var lanes = catalogue.Lanes
            .Select(l => new Place(l.Name, options.WidthOf(l), running.InLane(l.Name), _reserved.GetValueOrDefault(l.Name), left[l.Name].Count()))
            .Where(l => l.CouldTake > 0)
            .ToList();
        var total = whole.Part(sessions);
        var byPriority = options.LanePriorities.Count > 0 && turn % 10 != 0;
        var open = lanes.Select(l => (l.Lane, l.Leaving, Room: Math.Min(total, l.Part(byPriority && Priority(l.Lane) > 0 ? 1 : sessions)))).Where(l => l.Room > 0).ToList();

        // The first lane of the list is served first. It rotates, so that no lane starves behind a busy one.
        // Lanes with a priority come before the others and take all they can, but not in every round trip, for the same reason.
        var first = open.Count == 0 ? 0 : (int)(turn % open.Count);
        var order = open.Skip(first).Concat(open.Take(first)).ToList();
        if (byPriority)
            order = [.. order.OrderByDescending(l => Priority(l.Lane))];

        var request = new Request(turn, order.Count == 0 ? 0 : total, [.. order.Select(l => l.Lane)], [.. order.Select(l => l.Room)])
        {
            IsWhole = whole.CouldTake <= 0 || open.Count == lanes.Count,
            More = [.. order.Select(l => Math.Max(0, l.Room - l.Leaving))],
            MoreInAll = order.Count == 0 ? 0 : Math.Max(0, total - leaving.Count),
        };
        Reserve(request, 1);
        return request;
    }

    /// <summary>The round trip is over, and its tickets are among the runs.</summary>
    public void GiveBack(Request request) => Reserve(request, -1);

    private int Priority(string lane) => options.LanePriorities.GetValueOrDefault(lane);

    private void Reserve(Request request, int sign)
    {
        _reservedInAll += sign * request.MoreInAll;
        foreach (var (lane, more) in request.Lanes.Zip(request.More))
            _reserved[lane] = _reserved.GetValueOrDefault(lane) + (sign * more);
    }

    /// <param name="Total">For all lanes together; 0 means that no ticket is requested.</param>
    /// <param name="Lanes">In the order in which they are served.</param>
    /// <param name="Room">The free places of each lane.</param>
    internal sealed record Request(long Turn, int Total, string[] Lanes, int[] Room)
    {
        public static readonly Request Nothing = new(0, 0, [], []) { IsWhole = false };

        /// <summary>False when a lane is left out because another round trip may fill it.</summary>
        public bool IsWhole { get; init; }

        /// <summary>For each lane: free places beyond those of the runs that leave with this round trip.</summary>
        public int[] More { get; init; } = [];

        public int MoreInAll { get; init; }
    }

    private readonly record struct Place(string Lane, int Width, int Taken, int Reserved, int Leaving)
    {
        /// <summary>The free places without the reservations.</summary>
        public int CouldTake => Width - Taken + Leaving;

        /// <summary>The places of the runs that leave, and a fair part of the free ones; never all of them while others may follow.</summary>
        public int Part(int sessions)
        {
            var free = Math.Max(0, Width - Taken - Reserved);
            return Math.Min(Upper(Width, sessions), Math.Min(Leaving + Upper(free, sessions), CouldTake - Reserved));
        }

        private static int Upper(int n, int sessions) => (n + sessions - 1) / sessions;
    }
}
