using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Harmony.Api.Configuration;
using Harmony.Api.Hosting;
using Harmony.Tests.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Http;

/// <summary>The real host on a free loopback port, with an environment of the test's own.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public const string ViewerKey = "viewer-key-0123456789";
    public const string OperatorKey = "operator-key-0123456789";
    public const string AdminKey = "admin-key-0123456789";
    public const string Keys = $"vera:viewer:{ViewerKey},otto:operator:{OperatorKey},{AdminKey}";

    private readonly WebApplication _app;
    private readonly string _keysDir;

    private ApiHost(WebApplication app, string keysDir)
    {
        _app = app;
        _keysDir = keysDir;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Without a database the host still answers what needs none.</summary>
    public static async Task<ApiHost> StartAsync(TestDatabase? database = null, params (string Name, string Value)[] environment)
    {
        var keysDir = Directory.CreateTempSubdirectory("harmony-test-").FullName;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PORT"] = "0",
            ["HARMONY_ROLES"] = "api",
            ["HARMONY_LOG_LEVEL"] = "error",
            ["HARMONY_KEYS_DIR"] = keysDir,
            ["WAIT_FOR_POSTGRES"] = "false",
            ["FEATURE_RUN_MIGRATIONS"] = database is null ? "false" : "true",
            ["DATABASE_URL"] = database?.ConnectionString ?? "postgres://nobody@127.0.0.1:1/nothing",
        };
        foreach (var (name, value) in environment)
            values[name] = value;
        var app = (WebApplication)HarmonyHost.Build(Settings.From(values, new Dictionary<string, string>(), HarmonySetup.Names));
        await app.StartAsync();
        return new ApiHost(app, keysDir);
    }

    public Task<Answer> GetAsync(string path, string? key = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, key, null, headers);

    public Task<Answer> PostAsync(string path, string? json, string? key = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, key, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), headers);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? key, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (key is not null)
            request.Headers.Add("X-API-Key", key);
        foreach (var (name, value) in headers)
        {
            if (name == "Host")
                request.Headers.Host = value;
            else
                request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, text, all);
    }

    public static (string Name, string Value) Basic(string name, string password) =>
        ("Authorization", new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))).ToString());

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_keysDir, recursive: true);
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>The code of the error envelope; the envelope's shape is checked on the way.</summary>
    public string Code
    {
        get
        {
            Assert.IsFalse(Json.GetProperty("ok").GetBoolean());
            Assert.IsTrue(Headers.ContainsKey("X-Debug-Id"), "every error carries X-Debug-Id");
            Assert.AreNotEqual("", Json.GetProperty("error").GetProperty("message").GetString());
            return Json.GetProperty("error").GetProperty("code").GetString()!;
        }
    }

    public string Field => Json.GetProperty("error").GetProperty("meta").GetProperty("fields")[0].GetProperty("name").GetString()!;
}
