using System.Text.Json.Nodes;
using Harmony.Sandbox.Faults;

namespace Harmony.Sandbox.Slskd;

/// <summary>Listing, position, cancelling and the old way to enqueue.</summary>
internal sealed class TransferEndpoints(TransferDesk desk, EnqueueDoor door, SoulseekLink link, SandboxPace pace)
{
    private const string Root = "/api/v0/transfers/downloads";

    public void Map(WebApplication app)
    {
        app.MapGet(Root, (bool? includeRemoved) => Listing(includeRemoved == true));
        app.MapGet(Root + "/{username}", (string username, bool? includeRemoved) => OfUser(username, includeRemoved == true));
        app.MapGet(Root + "/{username}/{id}", (string id) => Find(id, transfer => SandboxJson.Json(TransferWire.Describe(transfer))));
        app.MapGet(Root + "/{username}/{id}/position", PositionAsync);
        app.MapPost(Root + "/{username}", (string username, HttpRequest request) => door.PassAsync(request, body => Enqueue(username, body)));
        app.MapDelete(Root + "/all/completed", RemoveCompleted);
        app.MapDelete(Root + "/{username}/{id}", (string id, bool? remove) => Cancel(id, remove == true));
    }

    private IResult Listing(bool includeRemoved)
    {
        lock (desk.Gate)
            return SandboxJson.Json(SandboxJson.Array(desk.Listed(includeRemoved).GroupBy(transfer => transfer.Username).Select(TransferWire.User)));
    }

    private IResult OfUser(string username, bool includeRemoved)
    {
        lock (desk.Gate)
        {
            var own = desk.Listed(includeRemoved).Where(transfer => transfer.Username == username).GroupBy(transfer => transfer.Username).FirstOrDefault();
            return own is null ? Results.NotFound() : SandboxJson.Json(TransferWire.User(own));
        }
    }

    private IResult Find(string id, Func<Transfer, IResult> then)
    {
        if (!Guid.TryParse(id, out _))
            return SandboxJson.BareString("The field Id must be a GUID.", 400);
        lock (desk.Gate)
            return desk.Find(id) is { } transfer ? then(transfer) : Results.NotFound();
    }

    private async Task<IResult> PositionAsync(string id, HttpContext context)
    {
        var stuck = false;
        var answer = Find(id, transfer =>
        {
            stuck = transfer.Fault?.Kind == FaultRule.QueuedForever && !transfer.IsCompleted;
            if (transfer.IsCompleted)
                return SandboxJson.BareString($"A download of {transfer.Filename} from {transfer.Username} is not active", 500);
            transfer.PlaceInQueue = transfer.State == TransferState.QueuedRemotely
                ? Math.Max(1, (int)Math.Ceiling((transfer.PhaseEndsAt - pace.Clock.GetUtcNow()).TotalSeconds * pace.Speed / 1.5))
                : 1;
            return SandboxJson.Json(transfer.PlaceInQueue);
        });
        if (!stuck)
            return answer;
        await Task.Delay(TimeSpan.FromSeconds(5 / pace.Speed), context.RequestAborted);
        return SandboxJson.BareString("The wait timed out after 5000 milliseconds", 500);
    }

    private IResult Enqueue(string username, JsonNode? body)
    {
        if (body is not JsonArray files)
            return SandboxJson.BareString("The JSON value could not be converted to a list of files.", 400);
        if (EnqueueDoor.Problem(files) is { } problem)
            return SandboxJson.BareString(problem, 400);
        if (!link.IsLoggedIn)
            return SandboxJson.BareString($"The server connection must be connected and logged in to fetch user endpoint (currently: {link.State})", 500);
        if (!door.IsOnline(username))
            return SandboxJson.BareString($"User {username} appears to be offline", 500);
        if (files.Select(file => (string?)file!["filename"]).Distinct(StringComparer.Ordinal).Count() < files.Count)
            return SandboxJson.BareString("Two or more files in request are duplicated (Parameter 'files')", 500);
        var (enqueued, failed) = (new JsonArray(), new JsonArray());
        lock (desk.Gate)
        {
            foreach (var file in files)
            {
                // A failure is an empty object here: no name, no reason.
                if (desk.Enqueue(username, (string)file!["filename"]!, EnqueueDoor.SizeOf(file), batch: null) is { } transfer)
                    enqueued.Add(TransferWire.Describe(transfer, fresh: true));
                else
                    failed.Add(new JsonObject());
            }
        }
        return SandboxJson.Json(new JsonObject { ["enqueued"] = enqueued, ["failed"] = failed }, 201);
    }

    private IResult Cancel(string id, bool remove)
    {
        if (!Guid.TryParse(id, out _))
            return SandboxJson.BareString("The field Id must be a GUID.", 400);
        lock (desk.Gate)
        {
            if (desk.Find(id) is { } transfer)
                desk.Cancel(transfer, remove);
        }
        return Results.NoContent();
    }

    private IResult RemoveCompleted()
    {
        lock (desk.Gate)
        {
            foreach (var transfer in desk.All.Where(transfer => transfer is { IsCompleted: true, Removed: false }))
                desk.Cancel(transfer, remove: true);
        }
        return Results.NoContent();
    }
}
