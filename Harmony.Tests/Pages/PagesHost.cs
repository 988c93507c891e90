using Harmony.Api.Configuration;
using Harmony.Api.Hosting;
using Harmony.Tests.Postgres;
using Microsoft.AspNetCore.Builder;

namespace Harmony.Tests.Pages;

/// <summary>The real host in its api role on a free port; nothing runs jobs in it, tests bring their own fleet.</summary>
internal sealed class PagesHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private PagesHost(WebApplication app, DirectoryInfo folder)
    {
        _app = app;
        _folder = folder;
    }

    public string Address => _app.Urls.Single();

    public IServiceProvider Services => _app.Services;

    public static async Task<PagesHost> StartAsync(TestDatabase database, params IEnumerable<(string Name, string Value)> more)
    {
        var folder = Directory.CreateTempSubdirectory("harmony-pages-");
        var environment = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = database.ConnectionString,
            ["PORT"] = "0",
            ["HARMONY_ROLES"] = "api",
            ["HARMONY_KEYS_DIR"] = Path.Combine(folder.FullName, "keys"),
            ["DOWNLOADS_DIR"] = Directory.CreateDirectory(Path.Combine(folder.FullName, "downloads")).FullName,
            ["MUSIC_DIR"] = Directory.CreateDirectory(Path.Combine(folder.FullName, "music")).FullName,
            ["HARMONY_LOG_LEVEL"] = "WARNING",
        };
        foreach (var (name, value) in more)
            environment[name] = value;

        var app = HarmonyHost.BuildApi(Settings.From(environment, new Dictionary<string, string>(), HarmonySetup.Names));
        await app.StartAsync();
        return new PagesHost(app, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
