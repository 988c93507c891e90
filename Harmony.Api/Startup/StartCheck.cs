using System.Net.Sockets;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Startup;

/// <summary>Stops <c>serve</c> before it touches the database: a process that ends at once must neither migrate nor join the fleet.</summary>
internal static class StartCheck
{
    public static void Run(Settings settings)
    {
        if (ProblemsOf(settings).OfType<SettingProblem>().ToList() is { Count: > 0 } problems)
            throw new StartupException(problems);
    }

    public static SettingProblem PortTaken(Settings settings)
    {
        var (name, port) = Port(settings);
        return Refused(settings, name, port, "is taken by another program.", $"Stop what listens there, or choose another {name}.");
    }

    private static IEnumerable<SettingProblem?> ProblemsOf(Settings settings)
    {
        if (settings.Get(HostKeys.Roles).Contains("worker"))
            yield return FolderCheck.ProblemOf(MusicKeys.MusicDir.Name, settings.Get(MusicKeys.MusicDir));
        yield return PortProblem(settings);
    }

    // The web server listens only after all other parts have started.
    private static SettingProblem? PortProblem(Settings settings)
    {
        var (name, port) = Port(settings);
        if (port == 0)
            return null;

        try
        {
            using var listener = new TcpListener(Addresses.Bind(settings), port);
            listener.Start();
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => PortTaken(settings),
                SocketError.AddressNotAvailable => Refused(settings, HostKeys.Host.Name, port, "cannot be listened on: this machine does not have that address.", "Give an address of this machine."),
                _ => Refused(settings, name, port, $"cannot be listened on: {e.Message.TrimEnd('.')}.", $"Choose another {name}."),
            };
        }
    }

    private static (string Name, int Port) Port(Settings settings) => settings.Get(HostKeys.Roles).Contains("api")
        ? (HostKeys.Port.Name, settings.Get(HostKeys.Port))
        : (HostKeys.MetricsPort.Name, settings.Get(HostKeys.MetricsPort));

    private static SettingProblem Refused(Settings settings, string name, int port, string why, string fix) =>
        new(ExitCode.Malformed, name, $"{new System.Net.IPEndPoint(Addresses.Bind(settings), port)} {why}", fix);
}
