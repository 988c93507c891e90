using Harmony.Sandbox.Audio;

namespace Harmony.Sandbox.Slskd;

internal enum PeerTrait
{
    WholeAlbums,
    OtherVersions,
    WrongLength,
    LastTrackMissing,
    Locked,
    NearFixtureLength,
}

internal enum FolderStyle
{
    Tidy,
    Initials,
    YearFirst,
    Loose,
    Scene,
}

/// <summary>A user who shares: what, how named, how fast, behind how long a queue. Share = part of all releases.</summary>
internal sealed record Peer(
    string Name,
    AudioEncoding Encoding,
    PeerTrait Trait,
    FolderStyle Style,
    double Share,
    int UploadSpeed,
    int QueueLength = 0)
{
    public bool HasFreeSlot => QueueLength == 0;

    public static readonly IReadOnlyList<Peer> Crowd =
    [
        new("vinylbird", AudioEncoding.Flac, PeerTrait.WholeAlbums, FolderStyle.Tidy, 1, 2_400_000),
        new("cassette_club", AudioEncoding.Mp3High, PeerTrait.WholeAlbums, FolderStyle.YearFirst, 1, 1_800_000),
        new("lossless lars", AudioEncoding.Flac, PeerTrait.WholeAlbums, FolderStyle.Initials, 0.7, 5_200_000),
        new("dusty-crates", AudioEncoding.Flac, PeerTrait.WholeAlbums, FolderStyle.Tidy, 1, 900_000, QueueLength: 120),
        new("pocketradio", AudioEncoding.Mp3Low, PeerTrait.WholeAlbums, FolderStyle.Loose, 0.8, 600_000),
        new("bootleg_barn", AudioEncoding.Mp3High, PeerTrait.OtherVersions, FolderStyle.Tidy, 0.8, 3_100_000),
        new("looseends", AudioEncoding.Flac, PeerTrait.WrongLength, FolderStyle.Initials, 0.5, 2_900_000),
        new("halfshelf", AudioEncoding.Flac, PeerTrait.LastTrackMissing, FolderStyle.YearFirst, 0.5, 3_800_000),
        new("keyholder", AudioEncoding.Flac, PeerTrait.Locked, FolderStyle.Tidy, 0.4, 4_400_000),
        new("oggsworth", AudioEncoding.Ogg, PeerTrait.NearFixtureLength, FolderStyle.YearFirst, 1, 1_200_000),
        new("applecart", AudioEncoding.M4a, PeerTrait.NearFixtureLength, FolderStyle.Loose, 1, 1_500_000),
        new("scene_relay", AudioEncoding.Mp3High, PeerTrait.WholeAlbums, FolderStyle.Scene, 0.6, 6_000_000, QueueLength: 3),
    ];
}
