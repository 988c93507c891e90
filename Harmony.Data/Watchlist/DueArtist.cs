namespace Harmony.Data.Watchlist;

/// <summary>A due artist, with the higher of its priorities on the two lists.</summary>
public sealed record DueArtist
{
    public required string ArtistKey { get; init; }

    public required int Priority { get; init; }

    /// <summary>Is it on the metadata list?</summary>
    public required bool Synced { get; init; }
}
