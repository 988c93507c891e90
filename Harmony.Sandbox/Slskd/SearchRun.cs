using System.Text.Json.Nodes;
using Harmony.Sandbox.Audio;
using Harmony.Sandbox.Catalog;

namespace Harmony.Sandbox.Slskd;

/// <summary>
/// A search is a function of the time since its start: who answers when, and when it ends, is settled beforehand. Complete
/// comes before the answers are stored, as slskd does it.
/// </summary>
internal sealed class SearchRun
{
    private static readonly TimeSpan StoringTakes = TimeSpan.FromMilliseconds(18);
    private readonly List<(DateTimeOffset At, IGrouping<Peer, SharedFile> Files)> _answers = [];
    private readonly DateTimeOffset _endsAt;
    private readonly string _ending;

    public SearchRun(SearchRecord record, PeerLibrary shares, double speed)
    {
        Record = record;
        var dice = new Dice(0, record.Text);
        var arrivals = shares.Search(record.Text)
            .Where(files => !record.Silent && !record.Errored)
            .Where(files => files.Key.QueueLength <= record.MaximumQueue && files.Key.UploadSpeed >= record.MinimumSpeed)
            .Select(files => (At: dice.Between(80, 600) / speed, Files: files))
            .OrderBy(arrival => arrival.At)
            .ToList();
        var last = 0.0;
        var files = 0;
        _ending = "Completed, TimedOut";
        foreach (var (at, found) in arrivals)
        {
            if (at - last > record.TimeoutMs)
                break;
            last = at;
            files += found.Count();
            _answers.Add((record.StartedAt.AddMilliseconds(at), found));
            _ending = _answers.Count >= record.ResponseLimit ? "Completed, ResponseLimitReached"
                : files >= record.FileLimit ? "Completed, FileLimitReached"
                : _ending;
            if (_ending != "Completed, TimedOut")
                break;
        }
        var quiet = _ending == "Completed, TimedOut" ? Math.Min(record.TimeoutMs, dice.Between(700, 900) / speed) : 0;
        _endsAt = record.StartedAt.AddMilliseconds(last + quiet);
        if (record.Errored)
            _ending = "Completed, Errored";
        if (record.StoppedAt is { } stopped && stopped < _endsAt)
            (_endsAt, _ending) = (stopped, "Completed, Cancelled");
    }

    public SearchRecord Record { get; }

    public bool IsOver(DateTimeOffset now) => now >= _endsAt;

    public JsonObject Describe(DateTimeOffset now, bool withAnswers)
    {
        var heard = _answers.Where(answer => answer.At <= now && answer.At <= _endsAt).SelectMany(answer => answer.Files).ToList();
        var node = new JsonObject
        {
            ["fileCount"] = heard.Count(file => !file.Locked),
            ["id"] = Record.Id,
            ["isComplete"] = IsOver(now),
            ["lockedFileCount"] = heard.Count(file => file.Locked),
            ["responseCount"] = _answers.Count(answer => answer.At <= now && answer.At <= _endsAt),
            ["responses"] = withAnswers ? Answers(now) : [],
            ["searchText"] = Record.Text,
            ["startedAt"] = SlskdTime.WithZone(Record.StartedAt),
            ["state"] = IsOver(now) ? _ending : "InProgress",
            ["token"] = Record.Token,
        };
        if (now >= _endsAt + StoringTakes)
            node.Insert(0, "endedAt", SlskdTime.WithZone(_endsAt + StoringTakes));
        return node;
    }

    /// <summary>Empty until all is stored.</summary>
    public JsonArray Answers(DateTimeOffset now)
        => now < _endsAt + StoringTakes
            ? []
            : SandboxJson.Array(_answers.Where(answer => answer.At <= _endsAt).Select(answer => Answer(answer.Files)));

    private JsonObject Answer(IGrouping<Peer, SharedFile> files)
    {
        var (peer, locked) = (files.Key, files.Where(file => file.Locked).ToList());
        return new JsonObject
        {
            ["username"] = peer.Name,
            ["token"] = Record.Token,
            ["fileCount"] = files.Count() - locked.Count,
            ["hasFreeUploadSlot"] = peer.HasFreeSlot,
            ["queueLength"] = peer.QueueLength,
            ["uploadSpeed"] = peer.UploadSpeed,
            ["lockedFileCount"] = locked.Count,
            ["lockedFiles"] = SandboxJson.Array(locked.Select(file => Describe(file, file.Path))),
            ["files"] = SandboxJson.Array(files.Where(file => !file.Locked).Select(file => Describe(file, file.Path))),
        };
    }

    public static JsonObject Describe(SharedFile file, string name)
    {
        var node = new JsonObject
        {
            ["filename"] = name,
            ["size"] = file.Size,
            ["extension"] = file.Name[(file.Name.LastIndexOf('.') + 1)..],
            ["code"] = 1,
        };
        if (file.Recording is { } recording)
        {
            if (recording.Encoding == AudioEncoding.Flac)
            {
                node["bitDepth"] = 16;
                node["sampleRate"] = FlacEncoder.SampleRate;
            }
            else
            {
                node["bitRate"] = recording.Encoding switch { AudioEncoding.Mp3High => 320, AudioEncoding.Mp3Low => 128, AudioEncoding.M4a => 18, _ => 9 };
                node["isVariableBitRate"] = recording.Encoding is AudioEncoding.Ogg;
            }
            node["length"] = recording.DurationMs / 1000;
        }
        node["isLocked"] = file.Locked;
        return node;
    }
}
