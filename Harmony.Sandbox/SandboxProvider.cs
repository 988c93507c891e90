namespace Harmony.Sandbox;

/// <summary>The stand-ins, in the order of their ports.</summary>
public enum SandboxProvider
{
    Spotify,
    Slskd,
    Lrclib,
    Images,
}
