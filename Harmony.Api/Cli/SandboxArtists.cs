namespace Harmony.Api.Cli;

/// <summary>The artists of the sandbox's catalogue that a first run watches, and those that figures are measured with.</summary>
public static class SandboxArtists
{
    public static IReadOnlyList<string> Watched { get; } = ["4mMarbleHarbour0000001", "4mAseLindqvist00000002", "4mGlassTramway00000003"];

    /// <summary>The n-th of as many as the sandbox was started with (<c>--uniform-artists</c>).</summary>
    public static string Uniform(int n) => $"5kuniform{n:D13}";
}
