using Harmony.Sandbox.Audio;

namespace Harmony.Sandbox.Slskd;

/// <summary>One file of a peer. Without a recording it is the text beside the music.</summary>
internal sealed record SharedFile(Peer Peer, string Path, long Size, bool Locked, Recording? Recording, string? Text)
{
    public string Folder => Path[..Path.LastIndexOf('\\')];

    public string Name => Path[(Path.LastIndexOf('\\') + 1)..];
}
