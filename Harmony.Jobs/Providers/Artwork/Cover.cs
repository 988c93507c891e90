namespace Harmony.Jobs.Providers.Artwork;

public sealed record Cover(byte[] Bytes, string MimeType, int Width, int Height);
