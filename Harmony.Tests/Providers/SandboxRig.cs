using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Harmony.Sandbox;

namespace Harmony.Tests.Providers;

/// <summary>A sandbox in this process on free ports, its state in a directory of its own.</summary>
internal sealed class SandboxRig : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private readonly SandboxOptions _options;
    private readonly CancellationToken _token;

    private SandboxRig(SandboxOptions options, CancellationToken token) => (_options, _token) = (options, token);

    public SandboxHost Host { get; private set; } = null!;

    public static async Task<SandboxRig> StartAsync(CancellationToken token, double speed = 20)
    {
        var state = Directory.CreateTempSubdirectory("harmony-sandbox-").FullName;
        var rig = new SandboxRig(new SandboxOptions { StateDirectory = state, Speed = speed }, token);
        await rig.RestartAsync();
        return rig;
    }

    public async Task RestartAsync()
    {
        if (Host is not null)
            await Host.DisposeAsync();
        Host = await SandboxHost.StartAsync(_options, _token);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_options.StateDirectory, recursive: true);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, JsonNode? body = null, string? bearer = null, bool key = true)
    {
        var request = new HttpRequestMessage(method, url);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (key && url.StartsWith(Host.SlskdUrl, StringComparison.Ordinal))
            request.Headers.Add("X-API-Key", SandboxOptions.SlskdApiKey);
        return _http.SendAsync(request, _token);
    }

    public async Task<(int Status, JsonNode? Body)> JsonAsync(HttpMethod method, string url, JsonNode? body = null, string? bearer = null)
    {
        using var response = await SendAsync(method, url, body, bearer);
        var text = await response.Content.ReadAsStringAsync(_token);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task<string> BearerAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Host.SpotifyUrl + "/api/token");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("id:secret"u8));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials" });
        using var response = await _http.SendAsync(request, _token);
        return (string)(await response.Content.ReadFromJsonAsync<JsonNode>(_token))!["access_token"]!;
    }

    public async Task<JsonNode> SpotifyAsync(string path)
    {
        var (status, body) = await JsonAsync(HttpMethod.Get, Host.SpotifyApiUrl + path, bearer: await BearerAsync());
        Assert.AreEqual(200, status, path);
        return body!;
    }

    public Task<(int Status, JsonNode? Body)> SlskdAsync(HttpMethod method, string path, JsonNode? body = null)
        => JsonAsync(method, Host.SlskdUrl + "/api/v0" + path, body);

    public async Task FaultAsync(string baseUrl, params JsonObject[] rules)
    {
        var (status, body) = await JsonAsync(HttpMethod.Post, baseUrl + "/_sandbox/faults", new JsonObject { ["rules"] = new JsonArray([.. rules]) });
        Assert.AreEqual(200, status, body?.ToJsonString());
    }

    /// <summary>What Spotify's catalogue says from now on: these releases are gone, these are called otherwise.</summary>
    public async Task NewsAsync(string[] gone, params (string Id, string Title)[] titles)
    {
        var (status, _) = await JsonAsync(
            HttpMethod.Post,
            Host.SpotifyUrl + "/_sandbox/catalogue",
            new JsonObject
            {
                ["gone"] = new JsonArray([.. gone.Select(g => (JsonNode)g)]),
                ["titles"] = new JsonObject(titles.Select(t => KeyValuePair.Create(t.Id, (JsonNode?)t.Title))),
            });
        Assert.AreEqual(200, status);
    }

    /// <summary>Asks until the answer satisfies, at most twenty seconds.</summary>
    public async Task<T> UntilAsync<T>(Func<Task<T>> ask, Predicate<T> satisfied)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (satisfied(answer))
                return answer;
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(20))
                Assert.Fail($"waited in vain; last answer: {answer}");
            await Task.Delay(2, _token);
        }
    }

    public async Task<JsonArray> SearchAsync(string text)
    {
        var (_, started) = await SlskdAsync(HttpMethod.Post, "/searches", new JsonObject { ["searchText"] = text, ["searchTimeout"] = 5000 });
        var path = $"/searches/{started!["id"]}";
        await UntilAsync(async () => (await SlskdAsync(HttpMethod.Get, path)).Body!, body => body["endedAt"] is not null);
        return (await SlskdAsync(HttpMethod.Get, path + "/responses")).Body!.AsArray();
    }

    /// <summary>Files that one peer shares of the watched artist's album: name and size as a search reports them.</summary>
    public async Task<List<JsonObject>> FilesOfAsync(string peer, string text = "marble harbour tides flac")
    {
        var answers = await SearchAsync(text);
        var answer = answers.Single(answer => (string)answer!["username"]! == peer)!;
        return [.. answer["files"]!.AsArray()
            .Where(file => (string)file!["extension"]! != "nfo")
            .Select(file => new JsonObject { ["filename"] = (string)file!["filename"]!, ["size"] = (long)file["size"]! })];
    }

    public Task<(int Status, JsonNode? Body)> BatchAsync(string peer, IEnumerable<JsonObject> files, string destination = "walk/one", string? id = null)
        => SlskdAsync(HttpMethod.Post, "/transfers/downloads/batches", new JsonObject
        {
            ["id"] = id,
            ["username"] = peer,
            ["files"] = new JsonArray([.. files.Select(file => file.DeepClone())]),
            ["options"] = new JsonObject { ["destination"] = destination, ["externalId"] = "job-1" },
        });

    public async Task<string> EnqueueAsync(string peer, JsonObject file, string destination = "walk/one")
    {
        var (status, body) = await BatchAsync(peer, [file], destination);
        Assert.AreEqual(201, status, body?.ToJsonString());
        return (string)body!["batch"]!["transfers"]![0]!["id"]!;
    }

    public async Task<JsonNode> TransferAsync(string id, string peer = "vinylbird")
        => (await SlskdAsync(HttpMethod.Get, $"/transfers/downloads/{peer}/{id}")).Body!;

    public Task<JsonNode> TransferUntilAsync(string id, Predicate<string> state)
        => UntilAsync(() => TransferAsync(id), transfer => state((string)transfer["state"]!));
}
