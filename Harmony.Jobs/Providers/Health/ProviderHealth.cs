using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;
using Microsoft.Extensions.Logging;

namespace Harmony.Jobs.Providers.Health;

/// <summary>
/// The health of the providers. Each is checked at most once every few seconds for any number of readers, and not at all while its
/// gate is closed to jobs; a refusal in a check closes the gate for the fleet, as a refusal of a job does.
/// </summary>
public sealed partial class ProviderHealth(
    IEnumerable<IProviderProbe> probes, ProviderGates gates, ProviderOptions options, TimeProvider time, ILogger<ProviderHealth> log)
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IProviderProbe> _probes = probes.ToDictionary(probe => probe.Provider, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SharedAnswer<ProviderState>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ProviderGate> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _told = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<ProviderState>> LookAsync(IEnumerable<string> providers, CancellationToken cancellationToken) =>
        await Task.WhenAll(providers.Select(provider => LookAsync(provider, cancellationToken)));

    public Task<ProviderState> LookAsync(string provider, CancellationToken cancellationToken) =>
        _answers.GetOrAdd(provider, name => new SharedAnswer<ProviderState>(() => AskAsync(name), Keep, time)).GetAsync(cancellationToken);

    private async Task<ProviderState> AskAsync(string provider)
    {
        var state = await StateAsync(provider);
        var level = _told.GetValueOrDefault(provider) == state.Status ? LogLevel.Debug
            : state.Status is ProviderStatus.Failing or ProviderStatus.Blocked ? LogLevel.Warning
            : LogLevel.Information;
        _told[provider] = state.Status;
        Looked(level, provider, state.Status, state.Reason, state.Message);
        return state;
    }

    private async Task<ProviderState> StateAsync(string provider)
    {
        if (options.Disabled.Contains(provider))
            return State(provider, ProviderStatus.Disabled, "switched off by INTEGRATIONS_ENABLED");

        if (await GateAsync(provider) is { IsBlocked: true } gate)
            return Blocked(gate);

        return _probes.TryGetValue(provider, out var probe)
            ? await ProbeAsync(probe)
            : State(provider, ProviderStatus.Unknown, "not asked; nothing holds it back");
    }

    private async Task<ProviderState> ProbeAsync(IProviderProbe probe)
    {
        using var limit = new CancellationTokenSource(options.ProbeTimeout);
        try
        {
            return State(probe.Provider, ProviderStatus.Ok, await probe.LookAsync(limit.Token));
        }
        catch (OperationCanceledException)
        {
            return State(probe.Provider, ProviderStatus.Failing, $"no answer within {options.ProbeTimeout.TotalMilliseconds:0} ms", "timeout");
        }
        catch (ProviderBlockedException refusal)
        {
            return Blocked(await CloseAsync(refusal));
        }
        catch (PermanentJobException refusal)
        {
            return State(probe.Provider, ProviderStatus.Failing, refusal.Message, refusal.ReasonCode);
        }
        catch (ProviderFailedException failure)
        {
            return State(probe.Provider, ProviderStatus.Failing, failure.Message, (failure as ProviderException)?.Code);
        }
    }

    // Without the database the last known state of a gate stays valid: a provider that demanded a wait is still not called.
    private async Task<ProviderGate?> GateAsync(string provider)
    {
        try
        {
            using var limit = new CancellationTokenSource(options.ProbeTimeout);
            var gate = await gates.FindAsync(provider, limit.Token).WaitAsync(limit.Token);
            if (gate is not null)
                _known[provider] = gate;

            return gate;
        }
        catch (Exception error) when (IsOutage(error))
        {
            return _known.GetValueOrDefault(provider) is { } known ? known with { IsBlocked = known.IsBlocked && known.BlockedUntil > time.GetUtcNow() } : null;
        }
    }

    private async Task<ProviderGate> CloseAsync(ProviderBlockedException refusal)
    {
        var gate = new ProviderGate { Provider = refusal.Provider, BlockedUntil = time.GetUtcNow() + refusal.Wait, Reason = SafeText.Line(refusal.Reason), IsBlocked = true };
        try
        {
            using var limit = new CancellationTokenSource(options.ProbeTimeout);
            gate = await gates.BlockAsync(refusal, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception error) when (IsOutage(error))
        {
            Unclosed(error, refusal.Provider);
        }

        return _known[refusal.Provider] = gate;
    }

    private static bool IsOutage(Exception error) => error is DbException or SocketException or TimeoutException or OperationCanceledException;

    private ProviderState Blocked(ProviderGate gate)
    {
        var until = string.Create(CultureInfo.InvariantCulture, $"{gate.BlockedUntil:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        return State(gate.Provider, ProviderStatus.Blocked, $"blocked until {until}: {gate.Reason ?? "no reason given"}", "gate") with { BlockedUntil = gate.BlockedUntil };
    }

    private ProviderState State(string provider, string status, string message, string? reason = null) =>
        new(provider, status, SafeText.Line(message), reason, null, time.GetUtcNow());

    [LoggerMessage(EventName = "integration.health", Message = "{Provider} is {Status} ({Reason}): {Details}")]
    private partial void Looked(LogLevel level, string provider, string status, string? reason, string details);

    [LoggerMessage(EventName = "integration.gate", Level = LogLevel.Warning, Message = "Gate of {Provider} not closed for other processes: the database does not answer")]
    private partial void Unclosed(Exception e, string provider);
}
