using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Sandbox.Faults;

namespace Harmony.Sandbox.Slskd;

internal sealed class SearchEndpoints : IDisposable
{
    private readonly ConcurrentDictionary<string, SearchRun> _runs = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _one = new(1);
    private readonly Journal<SearchRecord> _journal;
    private readonly PeerLibrary _shares;
    private readonly SoulseekLink _link;
    private readonly SandboxPace _pace;
    private readonly FaultBook _faults;
    private int _token;

    public SearchEndpoints(PeerLibrary shares, SoulseekLink link, SandboxPace pace, FaultBook faults, string path)
    {
        (_shares, _link, _pace, _faults) = (shares, link, pace, faults);
        _journal = new Journal<SearchRecord>(path, record => record.Id);
        foreach (var record in _journal.Load())
        {
            _token = Math.Max(_token, record.Token);
            if (!record.Deleted)
                _runs[record.Id] = new SearchRun(record, shares, pace.Speed);
        }
    }

    public void Map(WebApplication app)
    {
        const string One = "/api/v0/searches/{id}";
        app.MapPost("/api/v0/searches", StartAsync);
        app.MapGet("/api/v0/searches", () => SandboxJson.Json(SandboxJson.Array(
            _runs.Values.OrderBy(run => run.Record.Token).Select(run => run.Describe(_pace.Clock.GetUtcNow(), withAnswers: false)))));
        app.MapGet(One, (string id, bool? includeResponses) => Find(id, run
            => SandboxJson.Json(run.Describe(_pace.Clock.GetUtcNow(), includeResponses == true))));
        app.MapGet(One + "/responses", (string id) => Find(id, run => SandboxJson.Json(run.Answers(_pace.Clock.GetUtcNow()))));
        app.MapPut(One, (string id) => Find(id, Stop));
        app.MapDelete(One, (string id) => Find(id, Delete));
    }

    public void Reset()
    {
        _runs.Clear();
        _journal.Replace([]);
    }

    public void Dispose() => _one.Dispose();

    private async Task<IResult> StartAsync(HttpRequest request)
    {
        if (!await _one.WaitAsync(0))
            return SandboxJson.BareString("Only one concurrent operation is permitted. Wait until the previous operation completes.", 429);
        try
        {
            // Starting takes the real daemon a moment too: that is when a second caller meets the 429.
            await Task.Delay(12, request.HttpContext.RequestAborted);
            return await SandboxJson.ReadAsync(request) is JsonObject body
                ? Start(body)
                : SandboxJson.BareString("A non-empty request body is required.", 400);
        }
        finally
        {
            _one.Release();
        }
    }

    private IResult Start(JsonObject body)
    {
        var text = (string?)body["searchText"] ?? "";
        var timeout = Number(body, "searchTimeout", 15_000);
        if (Problem(text, timeout, (string?)body["id"]) is { } problem)
            return SandboxJson.BareString(problem, 400);
        if (!_link.IsLoggedIn)
            return SandboxJson.BareString($"The server connection must be connected and logged in to perform a search (currently: {_link.State})", 409);
        var filtered = body["filterResponses"]?.GetValueKind() != JsonValueKind.False;
        var record = new SearchRecord
        {
            Id = (string?)body["id"] ?? Guid.CreateVersion7().ToString(),
            Text = text,
            Token = Interlocked.Increment(ref _token),
            StartedAt = _pace.Clock.GetUtcNow(),
            TimeoutMs = timeout,
            ResponseLimit = Number(body, "responseLimit", 100),
            FileLimit = Number(body, "fileLimit", 10_000),
            MaximumQueue = filtered ? Number(body, "maximumPeerQueueLength", int.MaxValue) : int.MaxValue,
            Silent = _faults.Strike(FaultRule.NoAnswers, "*", "*") is not null,
            Errored = _faults.Strike(FaultRule.SearchErrored, "*", "*") is not null,
            MinimumSpeed = filtered ? Number(body, "minimumPeerUploadSpeed", 0) : 0,
        };
        var run = new SearchRun(record, _shares, _pace.Speed);
        if (!_runs.TryAdd(record.Id, run))
            return SandboxJson.BareString("An error occurred while saving the entity changes. See the inner exception for details.", 500);
        _link.CountSearch();
        _journal.Append(record);
        return SandboxJson.Json(run.Describe(record.StartedAt, withAnswers: false));
    }

    private static string? Problem(string text, int timeout, string? id)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "The field SearchText can not be null, empty, or consist of only whitespace";
        if (timeout < 5)
            return "The field SearchTimeout must be between 5 and 2147483647.";
        if (id is not null && !Guid.TryParse(id, out _))
            return "The field Id must be a GUID.";
        return text.Split(' ').Any(word => word.Length > 1 && word[0] != '-')
            ? null
            : "Search query must contain at least one non-exclusion term with length greater than 1 (Parameter 'query')";
    }

    private IResult Stop(SearchRun run)
    {
        var now = _pace.Clock.GetUtcNow();
        if (!run.IsOver(now))
        {
            var stopped = run.Record with { StoppedAt = now };
            _runs[stopped.Id] = new SearchRun(stopped, _shares, _pace.Speed);
            _journal.Append(stopped);
        }
        return Results.Ok();
    }

    private IResult Delete(SearchRun run)
    {
        if (!_runs.TryRemove(run.Record.Id, out _))
            return Results.NotFound();
        _journal.Append(run.Record with { Deleted = true });
        return Results.NoContent();
    }

    private IResult Find(string id, Func<SearchRun, IResult> then)
        => _runs.TryGetValue(id, out var run) ? then(run) : Results.NotFound();

    private static int Number(JsonObject body, string name, int otherwise)
        => body[name]?.GetValueKind() == JsonValueKind.Number ? body[name]!.GetValue<int>() : otherwise;
}
