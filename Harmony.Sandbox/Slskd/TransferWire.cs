using System.Text.Json.Nodes;

namespace Harmony.Sandbox.Slskd;

internal static class TransferWire
{
    /// <summary>Fresh: as the reply to an enqueue, whose requestedAt alone carries a Z.</summary>
    public static JsonObject Describe(Transfer transfer, bool fresh = false)
    {
        var node = new JsonObject
        {
            ["id"] = transfer.Id,
            ["username"] = transfer.Username,
            ["direction"] = "Download",
            ["filename"] = transfer.Filename,
            ["size"] = transfer.Size,
            ["state"] = transfer.State,
            ["requestedAt"] = fresh ? SlskdTime.WithZone(transfer.RequestedAt) : SlskdTime.WithoutZone(transfer.RequestedAt),
        };
        Add(node, "batchId", transfer.BatchId);
        Add(node, "enqueuedAt", transfer.EnqueuedAt is { } enqueued ? SlskdTime.WithoutZone(enqueued) : null);
        Add(node, "startedAt", transfer.StartedAt is { } started ? SlskdTime.WithZone(started) : null);
        Add(node, "endedAt", transfer.EndedAt is { } ended ? SlskdTime.WithZone(ended) : null);
        node["bytesTransferred"] = transfer.BytesTransferred;
        node["averageSpeed"] = transfer.AverageSpeed;
        node["attempts"] = transfer.Attempts;
        Add(node, "placeInQueue", transfer.PlaceInQueue);
        Add(node, "exception", transfer.Exception);
        node["removed"] = transfer.Removed;
        node["bytesRemaining"] = transfer.Size - transfer.BytesTransferred;
        node["percentComplete"] = transfer.Size == 0 ? 0 : 100.0 * transfer.BytesTransferred / transfer.Size;
        AddTimes(node, transfer);
        return node;
    }

    public static JsonObject User(IGrouping<string, Transfer> ofUser) => new()
    {
        ["username"] = ofUser.Key,
        ["directories"] = SandboxJson.Array(ofUser.GroupBy(transfer => transfer.Folder).Select(folder => new JsonObject
        {
            ["directory"] = folder.Key,
            ["fileCount"] = folder.Count(),
            ["files"] = SandboxJson.Array(folder.Select(transfer => Describe(transfer))),
        })),
    };

    private static void AddTimes(JsonObject node, Transfer transfer)
    {
        if (transfer is not { StartedAt: { } started, EndedAt: { } ended })
            return;
        node["elapsedTime"] = (ended - started).ToString("c");
        if (transfer.AverageSpeed > 0)
            node["remainingTime"] = TimeSpan.FromSeconds((transfer.Size - transfer.BytesTransferred) / transfer.AverageSpeed).ToString("c");
    }

    private static void Add(JsonObject node, string name, JsonNode? value)
    {
        if (value is not null)
            node[name] = value;
    }
}
