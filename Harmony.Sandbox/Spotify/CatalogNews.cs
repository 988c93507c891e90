using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;

namespace Harmony.Sandbox.Spotify;

/// <summary>What has happened to the catalogue since it was made: releases that are gone, and titles that changed. On disk, as the rules are.</summary>
internal sealed class CatalogNews
{
    private readonly Lock _gate = new();
    private readonly Journal<Entry> _journal;
    private Entry _news;

    public CatalogNews(string path)
    {
        _journal = new Journal<Entry>(path, _ => "news");
        _news = _journal.Load().FirstOrDefault() ?? Entry.None;
    }

    public void Map(WebApplication app)
    {
        foreach (var root in new[] { "/_sandbox", "/sandbox" })
        {
            app.MapGet(root + "/catalogue", Show);
            app.MapPost(root + "/catalogue", ReplaceAsync);
        }
    }

    public void Reset() => Replace(Entry.None);

    /// <summary>The release as it is now; null when it is gone.</summary>
    public CatalogRelease? Of(CatalogRelease? release)
    {
        var news = _news;
        return release is null || news.Gone.Contains(release.Id, StringComparer.Ordinal) ? null
            : news.Titles.TryGetValue(release.Id, out var title) ? release with { Title = title }
            : release;
    }

    /// <summary>Releases whose title has changed.</summary>
    public IEnumerable<string> Renamed => _news.Titles.Keys;

    private IResult Show() => SandboxJson.Json(JsonSerializer.SerializeToNode(_news, SandboxJson.Wire)!.AsObject());

    private async Task<IResult> ReplaceAsync(HttpRequest request)
    {
        try
        {
            var body = await SandboxJson.ReadAsync(request);
            Replace(new Entry(body?["gone"].Deserialize<List<string>>() ?? [], body?["titles"].Deserialize<Dictionary<string, string>>() ?? []));
            return Show();
        }
        catch (JsonException)
        {
            return SandboxJson.Json(new JsonObject { ["error"] = "a body {\"gone\":[id…],\"titles\":{id:title…}} is wanted" }, 400);
        }
    }

    private void Replace(Entry news)
    {
        lock (_gate)
        {
            _news = news;
            _journal.Replace([news]);
        }
    }

    private sealed record Entry(List<string> Gone, Dictionary<string, string> Titles)
    {
        public static readonly Entry None = new([], []);
    }
}
