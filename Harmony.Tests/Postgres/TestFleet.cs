using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Tests.Postgres;

/// <summary>One worker process in miniature: the real engine on a test database, with jobs of the test's own.</summary>
internal sealed class TestFleet : IAsyncDisposable
{
    private readonly IHost _host;

    private TestFleet(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public static async Task<TestFleet> StartAsync(
        TestDatabase database, IReadOnlyList<Lane> lanes, IEnumerable<Type> jobs, Action<OrchestratorOptions>? set = null, Action<IServiceCollection>? add = null)
    {
        var options = new OrchestratorOptions { LeaseSeconds = 5, PollMs = 50, PollMaxMs = 500, ShutdownGraceSeconds = 2 };
        set?.Invoke(options);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(database.Database);
        add?.Invoke(builder.Services);
        builder.Services.AddHarmonyWorker(options, Catalogue.Of(lanes, jobs));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        var host = builder.Build();
        await host.StartAsync();
        return new TestFleet(host);
    }

    public async Task StopAsync() => await _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
