using System.Globalization;
using System.Runtime.InteropServices;

namespace Harmony.Sandbox;

internal static class SandboxProgram
{
    public static async Task<int> Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        SandboxOptions options;
        try
        {
            options = SandboxCommandLine.Parse(arguments);
        }
        catch (FormatException wrong)
        {
            await Console.Error.WriteLineAsync($"{wrong.Message}\n{SandboxCommandLine.Usage}");
            return 64;
        }
        var stop = new TaskCompletionSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var host = await SandboxHost.StartAsync(options, CancellationToken.None);
        Console.WriteLine($"harmony-sandbox ready: {string.Join(' ', host.Urls.Select(url => $"{url.Key.ToString().ToLowerInvariant()}={url.Value}"))}");
        await stop.Task;
        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }
    }
}
