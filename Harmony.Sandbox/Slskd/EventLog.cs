using System.Text.Json.Nodes;

namespace Harmony.Sandbox.Slskd;

internal sealed record LoggedEvent(string Id, string Type, DateTimeOffset Timestamp, string Data)
{
    public JsonObject Describe() => new()
    {
        ["timestamp"] = SlskdTime.WithZone(Timestamp),
        ["type"] = Type,
        ["data"] = Data,
        ["id"] = Id,
    };
}

/// <summary>What the daemon announced, newest first. There is no event for a failure.</summary>
internal sealed class EventLog
{
    private readonly Lock _gate = new();
    private readonly Journal<LoggedEvent> _journal;
    private readonly List<LoggedEvent> _events;
    private readonly TimeProvider _clock;

    public EventLog(string path, TimeProvider clock)
    {
        _clock = clock;
        _journal = new Journal<LoggedEvent>(path, logged => logged.Id);
        _events = _journal.Load();
    }

    public IReadOnlyList<LoggedEvent> NewestFirst
    {
        get
        {
            lock (_gate)
                return [.. _events.AsEnumerable().Reverse()];
        }
    }

    public void FileComplete(Transfer transfer, string localFilename) => Add("DownloadFileComplete", new JsonObject
    {
        ["localFilename"] = localFilename,
        ["remoteFilename"] = transfer.Filename,
        ["transfer"] = WithNulls(TransferWire.Describe(transfer)),
    });

    public void DirectoryComplete(Transfer last, string localDirectory) => Add("DownloadDirectoryComplete", new JsonObject
    {
        ["localDirectoryName"] = localDirectory,
        ["remoteDirectoryName"] = last.Folder,
        ["username"] = last.Username,
    });

    public void Reset()
    {
        lock (_gate)
        {
            _events.Clear();
            _journal.Replace([]);
        }
    }

    private void Add(string type, JsonObject data)
    {
        var (id, now) = (Guid.CreateVersion7().ToString(), _clock.GetUtcNow());
        data.Insert(0, "type", type);
        data.Insert(1, "version", 0);
        data["id"] = id;
        data["timestamp"] = SlskdTime.WithZone(now);
        var logged = new LoggedEvent(id, type, now, data.ToJsonString(SandboxJson.Wire));
        lock (_gate)
            _events.Add(logged);
        _journal.Append(logged);
    }

    private static JsonObject WithNulls(JsonObject transfer)
    {
        foreach (var name in new[] { "batchId", "exception", "placeInQueue", "nextAttemptAt" })
        {
            if (!transfer.ContainsKey(name))
                transfer[name] = null;
        }
        return transfer;
    }
}
