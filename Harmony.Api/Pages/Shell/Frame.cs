namespace Harmony.Api.Pages.Shell;

/// <summary>The data of the shell around any page: the reader, the reader's permissions, and the host.</summary>
public sealed record Frame
{
    public required string Path { get; init; }

    public required string Reader { get; init; }

    public required string Role { get; init; }

    /// <summary>Whether this reader may requeue, cancel and start jobs.</summary>
    public required bool MayAct { get; init; }

    /// <summary>Whether this reader may delete permanently.</summary>
    public required bool MayPurge { get; init; }

    /// <summary>Whether this reader used the sign-in page: only then there is a session to sign out of.</summary>
    public required bool SignedIn { get; init; }

    /// <summary>No sign-in is needed: every page has a banner about it.</summary>
    public required bool Open { get; init; }

    public required string Version { get; init; }

    public required string Assets { get; init; }

    public Notice? Notice { get; init; }

    /// <summary>Rendered for its live fragments only: no document around them.</summary>
    public bool Live { get; init; }
}
