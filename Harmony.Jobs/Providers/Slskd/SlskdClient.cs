using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Jobs.Providers.Http;
using Microsoft.Extensions.Logging;

namespace Harmony.Jobs.Providers.Slskd;

/// <summary>The part of slskd's HTTP API for searches and downloads. Ids of searches and batches are ours, so each call may be repeated.</summary>
internal sealed class SlskdClient(ProviderHttp http, SlskdOptions options)
{
    private const int MaxBytes = 64 * 1024 * 1024;
    private const int ResponseLimit = 250;
    private const int FileLimit = 10_000;

    // slskd counts its timeout from the last answer, so a popular search does not end: then nobody waits for it any longer.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    public TimeSpan LongestSearch => options.SearchTimeout + Grace;

    /// <summary>Logged in to Soulseek; slskd's health page stays green without that.</summary>
    public async Task<bool> IsLoggedInAsync(CancellationToken cancellationToken)
    {
        var reply = await LookAsync("/server", "its state", cancellationToken);
        return SlskdRefusal.Checked(reply).ReadJson(SlskdJson.Default.ServerWire).IsLoggedIn ?? false;
    }

    public async Task<string> GetVersionAsync(CancellationToken cancellationToken)
    {
        var reply = await AskAsync(HttpMethod.Get, "/application/version", "its version", cancellationToken);
        return SlskdRefusal.Checked(reply).ReadJson(SlskdJson.Default.String);
    }

    /// <summary>Every file in slskd's own download folder, by its path relative to it, with slashes.</summary>
    public async Task<IReadOnlyList<string>> ListDownloadedFilesAsync(CancellationToken cancellationToken)
    {
        var reply = await AskAsync(HttpMethod.Get, "/files/downloads/directories?recursive=true", "the list of its files", cancellationToken);
        if (reply.Status == HttpStatusCode.NotFound)
            throw new ProviderException(SlskdOptions.Provider, "no_folder", "slskd does not find its download folder");
        var folder = SlskdRefusal.Checked(reply).ReadJson(SlskdJson.Default.ListedFolderWire);
        return [.. (folder.Files ?? []).Select(file => file?.FullName).OfType<string>().Select(path => path.Replace('\\', '/'))];
    }

    /// <summary>slskd's download folder as slskd names it; empty when it does not say.</summary>
    public async Task<string> GetDownloadsFolderAsync(CancellationToken cancellationToken)
    {
        var reply = await AskAsync(HttpMethod.Get, "/options", "its options", cancellationToken);
        return SlskdRefusal.Checked(reply).ReadJson(SlskdJson.Default.OptionsWire).Directories?.Downloads ?? "";
    }

    public async Task StartSearchAsync(Guid id, string text, CancellationToken cancellationToken)
    {
        // Milliseconds, though slskd's own documentation says seconds.
        var request = new SearchRequestWire(id, text, (int)options.SearchTimeout.TotalMilliseconds, ResponseLimit, FileLimit);
        var reply = await PostAsync("/searches", request, SlskdJson.Default.SearchRequestWire, "a new search", cancellationToken);
        // An existing id is reported as 500, so only a read distinguishes it from a real failure.
        if (reply.Status == HttpStatusCode.InternalServerError && await GetSearchAsync(id, text, cancellationToken) is not null)
            return;

        SlskdRefusal.Checked(reply);
    }

    /// <summary>The search with this id, or null. A search for another text is an error: its answers must not be taken for those to this one.</summary>
    public async Task<SlskdSearch?> GetSearchAsync(Guid id, string text, CancellationToken cancellationToken)
    {
        var reply = await LookAsync($"/searches/{id}?includeResponses=true", "the search", cancellationToken);
        if (reply.Status == HttpStatusCode.NotFound)
            return null;
        var search = SlskdRefusal.Checked(reply).ReadJson(SlskdJson.Default.SearchWire);
        return WordsOf(search.SearchText ?? "").SetEquals(WordsOf(text))
            ? search.ToSearch(id)
            : throw new ProviderException(SlskdOptions.Provider, "foreign_search", $"slskd has another search under the id {id}");
    }

    /// <summary>Each size must be that of the search: slskd aborts a transfer whose size differs. Only this batch uses the destination: every file in it is ours.</summary>
    public async Task<SlskdBatchResult> EnqueueBatchAsync(
        Guid batchId,
        string username,
        IReadOnlyList<SlskdFile> files,
        string destination,
        CancellationToken cancellationToken)
    {
        var request = new BatchRequestWire(
            batchId,
            username,
            [.. files.Select(file => new BatchFileWire(file.Filename, file.Size))],
            new BatchOptionsWire(destination));
        var reply = await PostAsync("/transfers/downloads/batches", request, SlskdJson.Default.BatchRequestWire, "a batch of downloads", cancellationToken);
        if (reply.Status == HttpStatusCode.Conflict && await GetBatchAsync(batchId, cancellationToken) is { } already)
        {
            return already.Transfers.All(t => t.Username == username && files.Any(f => f.Filename == t.Filename))
                ? already
                : throw new ProviderException(SlskdOptions.Provider, "foreign_batch", $"slskd has another batch under the id {batchId}");
        }

        if (SlskdRefusal.IsUserOffline(reply))
            return new SlskdBatchResult(batchId, UserOffline: true, [], []);

        var answer = SlskdRefusal.Checked(reply).ReadJson(SlskdJson.Default.BatchReplyWire);
        return new SlskdBatchResult(
            batchId,
            UserOffline: false,
            [.. answer.Batch?.Transfers.ToTransfers(username) ?? []],
            [.. (answer.Failures ?? []).OfType<FailureWire>().Select(f => new SlskdFailure(f.Filename ?? "", f.Message ?? "no reason given"))]);
    }

    public async Task<SlskdBatchResult?> GetBatchAsync(Guid batchId, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(HttpMethod.Get, $"/transfers/downloads/batches/{batchId}", "the batch", cancellationToken);
        if (reply.Status == HttpStatusCode.NotFound)
            return null;

        var batch = SlskdRefusal.Checked(reply).ReadJson(SlskdJson.Default.BatchWire);
        return new SlskdBatchResult(batchId, UserOffline: false, [.. batch.Transfers.ToTransfers(batch.Username)], []);
    }

    public async Task<IReadOnlyList<SlskdTransfer>> ListDownloadsAsync(CancellationToken cancellationToken)
    {
        var reply = await LookAsync("/transfers/downloads", "its downloads", cancellationToken);
        var users = SlskdRefusal.Checked(reply).ReadJson(SlskdJson.Default.ListUserDownloadsWire);
        return
        [
            .. users.OfType<UserDownloadsWire>().SelectMany(user => (user.Directories ?? [])
                .OfType<DirectoryWire>()
                .SelectMany(directory => directory.Files.ToTransfers(user.Username))),
        ];
    }

    /// <summary>Removing a running transfer only cancels it: call again once it is completed. An unknown id is no error.</summary>
    public async Task CancelAsync(string username, string transferId, bool remove, CancellationToken cancellationToken)
    {
        var path = $"/transfers/downloads/{Uri.EscapeDataString(username)}/{Uri.EscapeDataString(transferId)}?remove={(remove ? "true" : "false")}";
        var reply = await AskAsync(HttpMethod.Delete, path, "the end of a download", cancellationToken);
        if (reply.Status is not (HttpStatusCode.NoContent or HttpStatusCode.NotFound))
        {
            // A success with a body is the web page that slskd serves for unknown paths.
            throw reply.IsSuccess ? reply.Unexpected() : SlskdRefusal.Of(reply);
        }
    }

    // slskd may put excluded words last, and more than one space is one.
    private static HashSet<string> WordsOf(string text) => new(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    private Task<ProviderReply> AskAsync(HttpMethod method, string path, string what, CancellationToken cancellationToken) =>
        Client().SendTwiceAsync(() => Keyed(method, path), what, cancellationToken);

    private Task<ProviderReply> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, string what, CancellationToken cancellationToken) =>
        Client().SendTwiceAsync(
            () =>
            {
                var request = Keyed(HttpMethod.Post, path);
                request.Content = JsonContent.Create(body, type);
                return request;
            },
            what,
            cancellationToken);

    // Polled every second during a search or transfer.
    private Task<ProviderReply> LookAsync(string path, string what, CancellationToken cancellationToken) =>
        Client(LogLevel.Debug).SendTwiceAsync(() => Keyed(HttpMethod.Get, path), what, cancellationToken);

    private ProviderClient Client(LogLevel level = LogLevel.Information) =>
        http.To(SlskdOptions.Provider, new CallLimits(options.Timeout, options.Retries, MaxBytes), level);

    private HttpRequestMessage Keyed(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, $"{options.BaseUrl.AbsoluteUri.TrimEnd('/')}/api/v0{path}");
        request.Headers.TryAddWithoutValidation("X-API-Key", options.ApiKey);
        return request;
    }
}
