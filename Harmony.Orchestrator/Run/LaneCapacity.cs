namespace Harmony.Orchestrator;

/// <summary>
/// How much each lane can take: what no run fills, and no round trip under way may fill. While there are two lines to the
/// database a round trip asks for a part only, so that what comes next need not wait for it.
/// </summary>
internal sealed class LaneCapacity(Catalogue catalogue, OrchestratorOptions options, InFlightJobs running, int lines)
{
    private readonly Dictionary<string, int> _promised = [];
    private int _promisedInAll;
    private long _turn;

    /// <summary>What a round trip may ask for; it is nobody else's until <see cref="GiveBack"/>.</summary>
    /// <param name="leaving">Runs whose outcomes it carries: they have left their lanes, and their successors may come with it.</param>
    public Request Ask(IReadOnlyList<InFlightJob> leaving)
    {
        var turn = _turn++;
        var left = leaving.ToLookup(r => r.Ticket.Lane);
        var whole = new Place("", options.GlobalConcurrency, running.Count, _promisedInAll, leaving.Count);
        var lanes = catalogue.Lanes
            .Select(l => new Place(l.Name, options.WidthOf(l), running.InLane(l.Name), _promised.GetValueOrDefault(l.Name), left[l.Name].Count()))
            .Where(l => l.CouldTake > 0)
            .ToList();
        var total = whole.Part(lines);
        var byPriority = options.LanePriorities.Count > 0 && turn % 10 != 0;
        var open = lanes.Select(l => (l.Lane, l.Leaving, Room: Math.Min(total, l.Part(byPriority && Priority(l.Lane) > 0 ? 1 : lines)))).Where(l => l.Room > 0).ToList();

        // The first lane of the list is served first: it is another one each time, so that none starves behind a busy one.
        // Lanes with a priority come before the others and take all they can, but not always, for the same reason.
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
        Promise(request, 1);
        return request;
    }

    /// <summary>The round trip is over, and what it brought is among the runs.</summary>
    public void GiveBack(Request request) => Promise(request, -1);

    private int Priority(string lane) => options.LanePriorities.GetValueOrDefault(lane);

    private void Promise(Request request, int sign)
    {
        _promisedInAll += sign * request.MoreInAll;
        foreach (var (lane, more) in request.Lanes.Zip(request.More))
            _promised[lane] = _promised.GetValueOrDefault(lane) + (sign * more);
    }

    /// <param name="Total">For all lanes together; nothing is asked for when it is 0.</param>
    /// <param name="Lanes">In the order in which they are served.</param>
    /// <param name="Room">For each of them.</param>
    internal sealed record Request(long Turn, int Total, string[] Lanes, int[] Room)
    {
        public static readonly Request Nothing = new(0, 0, [], []) { IsWhole = false };

        /// <summary>No lane is left out because another round trip may fill it.</summary>
        public bool IsWhole { get; init; }

        /// <summary>For each lane: beyond the places of the runs that leave with it.</summary>
        public int[] More { get; init; } = [];

        public int MoreInAll { get; init; }
    }

    private readonly record struct Place(string Lane, int Width, int Taken, int Promised, int Leaving)
    {
        /// <summary>If nothing were promised.</summary>
        public int CouldTake => Width - Taken + Leaving;

        /// <summary>The successors of those that leave, and a fair part of what is free; never all of it while others may come.</summary>
        public int Part(int lines)
        {
            var free = Math.Max(0, Width - Taken - Promised);
            return Math.Min(Upper(Width, lines), Math.Min(Leaving + Upper(free, lines), CouldTake - Promised));
        }

        private static int Upper(int n, int lines) => (n + lines - 1) / lines;
    }
}
