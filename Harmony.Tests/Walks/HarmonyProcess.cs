using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Walks;

/// <summary>The built host as an operating-system process, so that it can be killed as one.</summary>
internal sealed class HarmonyProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler());

    private readonly ChildProcess _process;

    private HarmonyProcess(ChildProcess process, string? url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>Where its API listens; null for a mere worker.</summary>
    public string? Url { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => _process.Output;

    public static HarmonyProcess Start(WalkPlace place, string roles) => Start(place.Environment, place.Root, roles);

    public static HarmonyProcess Start(IReadOnlyDictionary<string, string> settings, string folder, string roles)
    {
        var environment = new Dictionary<string, string>(settings) { ["HARMONY_ROLES"] = roles };
        string? url = null;
        if (roles.Contains("api", StringComparison.Ordinal))
        {
            var port = FreePort();
            environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
            url = $"http://127.0.0.1:{port}";
        }

        return new HarmonyProcess(ChildProcess.Start("harmony.dll", ["serve"], environment, folder), url);
    }

    /// <summary>Waits until its API answers.</summary>
    public async Task<HarmonyProcess> ReadyAsync()
    {
        await Until.SeenAsync(
            async () =>
            {
                Assert.IsFalse(HasExited, $"the host exited with {(HasExited ? _process.ExitCode : 0)}: {Output}");
                try
                {
                    using var answer = await Http.GetAsync(new Uri(Url + "/live"));
                    return answer.StatusCode;
                }
                catch (HttpRequestException)
                {
                    return HttpStatusCode.ServiceUnavailable;
                }
            },
            code => code == HttpStatusCode.OK,
            TimeSpan.FromSeconds(120));
        return this;
    }

    public async Task<HttpResponseMessage> PostAsync(string path, object body) => await Http.PostAsJsonAsync(new Uri(Url + path), body);

    public async Task<HttpResponseMessage> GetAsync(string path) => await Http.GetAsync(new Uri(Url + path));

    public Task KillAsync() => _process.KillAsync();

    /// <summary>Asks it to stop, as an init system does, and gives its exit code.</summary>
    public Task<int> TermAsync() => _process.TermAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
