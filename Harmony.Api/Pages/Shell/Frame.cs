namespace Harmony.Api.Pages.Shell;

/// <summary>What the shell shows around any page: who reads, what they may do, and which host answers.</summary>
public sealed record Frame
{
    public required string Path { get; init; }

    public required string Reader { get; init; }

    public required string Role { get; init; }

    /// <summary>May this reader requeue, cancel and start things?</summary>
    public required bool MayAct { get; init; }

    /// <summary>May this reader delete what cannot be brought back?</summary>
    public required bool MayPurge { get; init; }

    /// <summary>Did this reader come through the sign-in page? Only then is there something to sign out of.</summary>
    public required bool SignedIn { get; init; }

    /// <summary>Nobody has to sign in: a banner says so on every page.</summary>
    public required bool Open { get; init; }

    public required string Version { get; init; }

    public required string Assets { get; init; }

    public Notice? Notice { get; init; }

    /// <summary>Rendered for its live fragments only: no document around them.</summary>
    public bool Live { get; init; }
}
