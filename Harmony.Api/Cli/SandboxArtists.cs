namespace Harmony.Api.Cli;

/// <summary>The artists of the sandbox's catalogue that a first run watches.</summary>
public static class SandboxArtists
{
    public static IReadOnlyList<string> Watched { get; } = ["4mMarbleHarbour0000001", "4mAseLindqvist00000002", "4mGlassTramway00000003"];
}
