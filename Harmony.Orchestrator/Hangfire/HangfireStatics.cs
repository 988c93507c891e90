using Hangfire;
using Hangfire.Logging;

namespace Harmony.Orchestrator;

/// <summary>
/// AddHangfire gives Hangfire's statics the services of the host. They go back when the host ends, so that another Hangfire server
/// in the same process does not use services that are disposed.
/// </summary>
internal sealed class HangfireStatics : IDisposable
{
    public void Dispose()
    {
        LogProvider.SetCurrentLogProvider(null);
        JobActivator.Current = new JobActivator();
    }
}
