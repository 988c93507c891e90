using System.Text.Json.Nodes;

namespace Harmony.Sandbox.Slskd;

internal sealed class BatchEndpoints(TransferDesk desk, EnqueueDoor door, SoulseekLink link, TimeProvider clock)
{
    private const string Root = "/api/v0/transfers/downloads/batches";

    public void Map(WebApplication app)
    {
        app.MapPost(Root, (HttpRequest request) => door.PassAsync(request, Enqueue));
        app.MapGet(Root + "/{id}", Show);
    }

    private IResult Enqueue(JsonNode? body)
    {
        if (body is not JsonObject wanted || (string?)wanted["username"] is not { Length: > 0 } username)
            return SandboxJson.BareString("The Username field is required.", 400);
        var destination = (string?)wanted["options"]?["destination"];
        if (Problem(wanted, destination) is { } problem)
            return SandboxJson.BareString(problem, 400);
        if (!link.IsLoggedIn)
            return SandboxJson.BareString($"The server connection must be connected and logged in to fetch user endpoint (currently: {link.State})", 500);
        lock (desk.Gate)
        {
            var id = (string?)wanted["id"] ?? Guid.CreateVersion7().ToString();
            if (desk.FindBatch(id) is not null)
                return SandboxJson.BareString($"A batch with ID {id} already exists", 409);
            if (!door.IsOnline(username))
                return SandboxJson.BareString($"User {username} appears to be offline", 404);
            var batch = new Batch(id, username, clock.GetUtcNow(), destination);
            desk.Add(batch);
            return Enqueue(batch, wanted["files"]!.AsArray());
        }
    }

    private static string? Problem(JsonObject wanted, string? destination)
    {
        if (wanted["id"] is not null && !Guid.TryParse((string?)wanted["id"], out _))
            return "The field Id must be a GUID.";
        if (wanted["files"] is not JsonArray { Count: > 0 } files)
            return "The field Files must be a string or array type with a minimum length of '1'.";
        if (destination is not null && (Path.IsPathRooted(destination) || LandingFolders.IsUnsafe(destination, '/', '\\')))
            return "The Destination field contains one or more unsafe path traversal segments ('.' or '..')";
        return EnqueueDoor.Problem(files);
    }

    private IResult Enqueue(Batch batch, JsonArray files)
    {
        var (transfers, failures) = (new List<Transfer>(), new JsonArray());
        foreach (var file in files)
        {
            var filename = (string)file!["filename"]!;
            if (desk.Enqueue(batch.Username, filename, EnqueueDoor.SizeOf(file), batch) is { } transfer)
                transfers.Add(transfer);
            else
                failures.Add(new JsonObject { ["filename"] = filename, ["message"] = "Skipped: Already in progress" });
        }
        var answer = new JsonObject { ["batch"] = Describe(batch, transfers, fresh: true), ["failures"] = failures };
        return SandboxJson.Json(answer, failures.Count == 0 ? 201 : transfers.Count == 0 ? 200 : 207);
    }

    private IResult Show(string id)
    {
        if (!Guid.TryParse(id, out _))
            return SandboxJson.BareString("The field Id must be a GUID.", 400);
        lock (desk.Gate)
        {
            return desk.FindBatch(id) is { } batch
                ? SandboxJson.Json(Describe(batch, desk.All.Where(transfer => transfer.BatchId == batch.Id), fresh: false))
                : Results.NotFound();
        }
    }

    // An externalId is taken and dropped, as the real one does.
    private static JsonObject Describe(Batch batch, IEnumerable<Transfer> transfers, bool fresh) => new()
    {
        ["id"] = batch.Id,
        ["username"] = batch.Username,
        ["direction"] = "Download",
        ["createdAt"] = SlskdTime.WithZone(batch.CreatedAt),
        ["transfers"] = SandboxJson.Array(transfers.Select(transfer => TransferWire.Describe(transfer, fresh))),
        ["options"] = batch.Destination is null ? [] : new JsonObject { ["destination"] = batch.Destination },
    };
}
