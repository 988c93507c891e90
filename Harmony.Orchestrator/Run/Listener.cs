using Harmony.Data.Notices;
using Microsoft.Extensions.Logging;

namespace Harmony.Orchestrator;

/// <summary>Passes new jobs and commands of operators on to the dispatcher and the leases; while the connection is down, polling replaces it.</summary>
internal sealed partial class Listener(AsyncSignal newJob, LeaseRenewer leases, ILogger log) : INoticeReceiver
{
    private const string Control = "harmony_control";

    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    public static readonly IReadOnlyList<string> Channels = ["new_job", Control];

    private bool _missed = true;

    // Jobs and commands may have come before the connection did.
    public void Alive()
    {
        if (!_missed)
            return;
        _missed = false;
        leases.RenewNow();
        newJob.Set();
    }

    public void Received(string channel, string payload)
    {
        if (channel == Control)
            leases.RenewNow();
        newJob.Set();
    }

    public void Lost(Exception error)
    {
        _missed = true;
        LogTrouble(error);
    }

    [LoggerMessage(EventName = "worker.tick", Level = LogLevel.Warning, Message = "LISTEN connection lost: polling until it is restored")]
    private partial void LogTrouble(Exception e);
}
