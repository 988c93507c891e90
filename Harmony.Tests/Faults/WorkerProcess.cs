using System.Text.Json;
using Harmony.Tests.Postgres;
using Harmony.Tests.Walks;

namespace Harmony.Tests.Faults;

/// <summary>One worker of <see cref="WorkerProgram"/>, to be killed, stopped and listened to.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private WorkerProcess(ChildProcess process, string name) => (_process, Name) = (process, name);

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Matches the name under which it joins the fleet.</summary>
    public string Pattern => $"%:{Id}:%";

    public bool HasExited => _process.HasExited;

    public string Output => _process.Output;

    public static WorkerProcess Start(WorkerOrders orders, string folder) => new(
        ChildProcess.Start("Harmony.Tests.dll", [JsonSerializer.Serialize(orders)], new Dictionary<string, string>(), folder), orders.Name);

    public int Said(string word) => _process.Lines.Count(l => l.StartsWith(word, StringComparison.Ordinal));

    public Task SaysAsync(string word, int times, TimeSpan within) => Until.SeenAsync(() => Task.FromResult(Said(word)), n => n >= times, within);

    public Task KillAsync() => _process.KillAsync();

    public Task<int> TermAsync() => _process.TermAsync();

    public Task StopAsync() => _process.SignalAsync("STOP");

    public Task ContinueAsync() => _process.SignalAsync("CONT");

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
