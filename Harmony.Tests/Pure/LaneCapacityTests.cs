using FsCheck;
using FsCheck.Fluent;
using Harmony.Orchestrator;

namespace Harmony.Tests.Pure;

/// <summary>Two round trips at a time share the places of a process: neither more than there are, nor one that nobody may fill.</summary>
[TestClass]
public sealed class LaneCapacityTests
{
    private const string Wide = "wide";
    private const string Narrow = "narrow";

    private readonly InFlightJobs _running = new();
    private long _jobs;

    [TestMethod]
    public void Two_requests_share_the_capacity_of_a_lane()
    {
        var rooms = Of(10, new Lane(Wide, 8));

        var first = rooms.Ask([]);
        var second = rooms.Ask([]);

        Assert.AreEqual("wide 4", Text(first));
        Assert.AreEqual("wide 2", Text(second));
        rooms.GiveBack(first);
        rooms.GiveBack(second);
        Assert.AreEqual("wide 4", Text(rooms.Ask([])), "what brought nothing takes no place");
    }

    [TestMethod]
    public void Ending_runs_are_replaced_in_the_same_request()
    {
        var rooms = Of(8, new Lane(Wide, 8));
        var runs = Run(Wide, 8);

        Assert.AreEqual("", Text(rooms.Ask([])));
        Assert.AreEqual("wide 4", Text(rooms.Ask(runs[..4])));
        Assert.AreEqual("wide 4", Text(rooms.Ask(runs[4..])));
    }

    [TestMethod]
    public void A_skipped_lane_is_requested_again()
    {
        var rooms = Of(10, new Lane(Wide, 8), new Lane(Narrow, 1));

        var first = rooms.Ask([]);
        var second = rooms.Ask([]);

        Assert.IsTrue(first.IsWhole);
        Assert.IsFalse(second.IsWhole, "nobody looks into the narrow lane after the first one has");
        Assert.AreEqual("wide 2", Text(second));
        rooms.GiveBack(first);
        rooms.GiveBack(second);
        Run(Narrow, 1);
        Assert.IsTrue(rooms.Ask([]).IsWhole, "a lane that runs fill is not owed anything: the end of a run calls");
    }

    [TestMethod]
    public void A_single_session_requests_the_full_width()
    {
        var rooms = new LaneCapacity(Catalogue.Of([new Lane(Wide, 8)], Type.EmptyTypes), new OrchestratorOptions { GlobalConcurrency = 20 }, _running, sessions: 1);
        Assert.AreEqual("wide 8", Text(rooms.Ask([])));
    }

    [TestMethod]
    public void A_priority_lane_comes_first_nine_times_of_ten()
    {
        var options = new OrchestratorOptions { GlobalConcurrency = 16, LanePriorities = new Dictionary<string, int> { [Narrow] = 5 }, LaneWidths = new Dictionary<string, int> { [Narrow] = 8 } };
        var rooms = new LaneCapacity(Catalogue.Of([new Lane(Wide, 16), new Lane(Narrow, 1)], Type.EmptyTypes), options, _running, sessions: 2);
        var runs = Run(Wide, 16);

        var first = Enumerable.Range(0, 20).Select(_ =>
        {
            var request = rooms.Ask(runs[..8]);
            rooms.GiveBack(request);
            return $"{request.Lanes[0]} {request.Room[0]}";
        }).ToList();

        Assert.AreEqual(18, first.Count(f => f == "narrow 8"), string.Join(", ", first));
    }

    [TestMethod]
    public void Random_requests_never_exceed_lane_or_process_limits()
    {
        var moves = Gen.Choose(0, 4).Two().Select(m => (What: m.Item1, Which: m.Item2)).ArrayOf().Resize(80);
        Prop.ForAll(moves.ToArbitrary(), script => Play(script)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    // Runs, leaving runs and round trips in any order; each trip brings all it asked for, some of it, or fails.
    private static void Play((int What, int Which)[] script)
    {
        Lane[] lanes = [new(Wide, 7), new(Narrow, 1), new("third", 3)];
        var test = new LaneCapacityTests();
        var rooms = test.Of(9, lanes);
        List<(LaneCapacity.Request Request, List<InFlightJob> Leaving)> away = [];
        List<InFlightJob> ended = [];
        foreach (var (what, which) in script)
        {
            if (what <= 1 && away.Count < 2)
            {
                List<InFlightJob> leaving = [.. ended.Take(which)];
                ended.RemoveRange(0, leaving.Count);
                var request = rooms.Ask(leaving);
                Assert.IsTrue(away.Count > 0 || request.IsWhole, "nobody else can have taken anything");
                away.Add((request, leaving));
            }
            else if (what <= 3 && away.Count > 0)
            {
                var (request, leaving) = away[which % away.Count];
                away.RemoveAt(which % away.Count);
                rooms.GiveBack(request);
                leaving.ForEach(test._running.Remove);
                var total = which == 4 ? 0 : request.Total;
                foreach (var (lane, room) in request.Lanes.Zip(request.Room))
                {
                    var some = Math.Min(total, which == 3 ? room / 2 : room);
                    test.Run(lane, some);
                    total -= some;
                }
            }
            else
            {
                ended.AddRange(test._running.All().Except(ended).Except(away.SelectMany(a => a.Leaving)).Take(which));
            }

            Assert.IsLessThanOrEqualTo(9, test._running.Count, "in all");
            foreach (var lane in lanes)
                Assert.IsLessThanOrEqualTo(lane.Width, test._running.InLane(lane.Name), lane.Name);
        }
    }

    private LaneCapacity Of(int inAll, params Lane[] lanes) =>
        new(Catalogue.Of(lanes, Type.EmptyTypes), new OrchestratorOptions { GlobalConcurrency = inAll }, _running, sessions: 2);

    private List<InFlightJob> Run(string lane, int times) =>
        [.. Enumerable.Range(0, times).Select(_ => _running.Add(Ticket(lane), 0, CancellationToken.None))];

    private JobTicket Ticket(string lane) => new()
    {
        TicketId = ++_jobs,
        JobId = _jobs,
        Fence = _jobs,
        Kind = "any",
        Lane = lane,
        ArgsJson = "{}",
        Attempts = 1,
        Forced = false,
    };

    private static string Text(LaneCapacity.Request request) =>
        string.Join(", ", request.Lanes.Zip(request.Room).OrderByDescending(l => l.First, StringComparer.Ordinal).Select(l => $"{l.First} {l.Second}"));
}
