namespace Harmony.Data.Watchlist;

/// <summary>An artist whose turn it is, with the higher of its priorities on the two lists.</summary>
public sealed record DueArtist
{
    public required string ArtistKey { get; init; }

    public required int Priority { get; init; }

    /// <summary>Does it stand on the list whose metadata is kept fresh?</summary>
    public required bool Synced { get; init; }
}
