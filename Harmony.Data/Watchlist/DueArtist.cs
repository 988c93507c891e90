namespace Harmony.Data.Watchlist;

/// <summary>An artist whose turn it is, with the higher of its priorities on the two lists.</summary>
public sealed record DueArtist
{
    public required string ArtistKey { get; init; }

    public required int Priority { get; init; }

    /// <summary>Is its metadata to be kept fresh, whether its tracks are downloaded or not?</summary>
    public required bool Synced { get; init; }
}
