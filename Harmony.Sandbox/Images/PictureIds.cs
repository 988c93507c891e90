namespace Harmony.Sandbox.Images;

internal sealed record PictureSize(string Prefix, int Pixels);

/// <summary>A picture's id is a size prefix of 16 hex digits and a hash of 24, as on the real image host.</summary>
internal static class PictureIds
{
    public static readonly IReadOnlyList<PictureSize> Album =
        [new("ab67616d0000b273", 640), new("ab67616d00001e02", 300), new("ab67616d00004851", 64)];

    public static readonly IReadOnlyList<PictureSize> Artist =
        [new("ab6761610000e5eb", 640), new("ab67616100005174", 320), new("ab6761610000f178", 160)];

    /// <summary>The undocumented original; some covers do not have it.</summary>
    public static readonly PictureSize Original = new("ab67616d000082c1", 1500);

    public static PictureSize? Read(string id)
        => id.Length == 40 ? Album.Concat(Artist).Append(Original).FirstOrDefault(size => id.StartsWith(size.Prefix, StringComparison.Ordinal)) : null;
}
