using Harmony.Data;

namespace Harmony.Jobs.Downloads.Candidates;

/// <summary>The peers that a download excludes for a while, with the reasons. Pure.</summary>
internal sealed record DeniedPeers(IReadOnlyList<DeniedPeer> Peers)
{
    public static DeniedPeers Parse(string json) => new(RowJson.Read<List<DeniedPeer>>(json) ?? []);

    public int FailuresOf(string username) => Peers.FirstOrDefault(p => p.Username == username)?.Failures ?? 0;

    public DeniedPeers With(DeniedPeer peer) => new([.. Peers.Where(p => p.Username != peer.Username), peer]);

    public IReadOnlyCollection<string> ActiveAt(DateTimeOffset now) =>
        [.. Peers.Where(p => p.Until > now).Select(p => p.Username)];

    public string ToJson() => RowJson.Write(Peers);
}

/// <summary><c>Failures</c>: how often this peer has failed with this track.</summary>
internal sealed record DeniedPeer(string Username, string Reason, string Sentence, DateTimeOffset Until, int Failures = 1);
