using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Harmony.Jobs.Downloads;

/// <summary>
/// Deterministic ids for slskd, so that a request repeated after a crash is the same request. The time at which the row was made is a part
/// of them: slskd keeps searches and batches for days, and another database beside the same slskd has rows of the same numbers.
/// </summary>
internal static class BatchId
{
    public static Guid OfDownload(long downloadId, int attempt, DateTimeOffset createdAt) => Of('d', downloadId, attempt, createdAt);

    /// <summary>A retry is a new search: slskd may have ended the earlier one as broken, and would answer with it again.</summary>
    public static Guid OfSearch(long searchId, int generation, int attempt, DateTimeOffset createdAt) =>
        Of('s', searchId, (generation * 64) + Math.Min(attempt, 63), createdAt);

    private static Guid Of(char what, long id, int number, DateTimeOffset createdAt)
    {
        Span<byte> name = stackalloc byte[16 + 1 + 8 + 4 + 8];
        "harmony.slskd.id"u8.CopyTo(name);
        name[16] = (byte)what;
        BinaryPrimitives.WriteInt64BigEndian(name[17..], id);
        BinaryPrimitives.WriteInt32BigEndian(name[25..], number);
        BinaryPrimitives.WriteInt64BigEndian(name[29..], createdAt.UtcTicks);
        var hash = SHA256.HashData(name).AsSpan(0, 16);
        // Version 8: a custom layout.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
