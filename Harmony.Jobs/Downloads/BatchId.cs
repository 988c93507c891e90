using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Harmony.Jobs.Downloads;

/// <summary>Deterministic ids for slskd, so that a request repeated after a crash is the same request.</summary>
internal static class BatchId
{
    public static Guid OfDownload(long downloadId, int attempt) => Of('d', downloadId, attempt);

    public static Guid OfSearch(long searchId, int generation) => Of('s', searchId, generation);

    private static Guid Of(char what, long id, int number)
    {
        Span<byte> name = stackalloc byte[16 + 1 + 8 + 4];
        "harmony.slskd.id"u8.CopyTo(name);
        name[16] = (byte)what;
        BinaryPrimitives.WriteInt64BigEndian(name[17..], id);
        BinaryPrimitives.WriteInt32BigEndian(name[25..], number);
        var hash = SHA256.HashData(name).AsSpan(0, 16);
        // Version 8: a custom layout.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
