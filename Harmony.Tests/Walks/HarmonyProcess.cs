using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Walks;

/// <summary>The built host as an operating-system process, so that it can be killed as one.</summary>
internal sealed class HarmonyProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler());

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private HarmonyProcess(Process process, string? url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>Where its API listens; null for a mere worker.</summary>
    public string? Url { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => string.Join(Environment.NewLine, _output);

    public static HarmonyProcess Start(WalkPlace place, string roles)
    {
        var port = roles.Contains("api", StringComparison.Ordinal) ? FreePort() : (int?)null;
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = place.Root,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "harmony.dll"));
        start.ArgumentList.Add("serve");
        foreach (var (name, value) in place.Environment)
            start.Environment[name] = value;
        start.Environment["HARMONY_ROLES"] = roles;
        if (port is not null)
            start.Environment["PORT"] = port.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var process = new Process { StartInfo = start };
        var harmony = new HarmonyProcess(process, port is null ? null : $"http://127.0.0.1:{port}");
        process.OutputDataReceived += (_, e) => harmony.Keep(e.Data);
        process.ErrorDataReceived += (_, e) => harmony.Keep(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return harmony;
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
            TimeSpan.FromSeconds(60));
        return this;
    }

    public async Task<HttpResponseMessage> PostAsync(string path, object body) => await Http.PostAsJsonAsync(new Uri(Url + path), body);

    public async Task<HttpResponseMessage> GetAsync(string path) => await Http.GetAsync(new Uri(Url + path));

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as an init system does, and gives its exit code.</summary>
    public async Task<int> TermAsync()
    {
        using var term = Process.Start(new ProcessStartInfo("kill", ["-TERM", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]) { UseShellExecute = false });
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        while (_output.Count > 400)
            _output.TryDequeue(out _);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
