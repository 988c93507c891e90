namespace Harmony.Jobs.Providers.Slskd;

/// <summary>Converts slskd's wire format to our records; rows without a name or an id are skipped.</summary>
internal static class SlskdReading
{
    public static SlskdSearch ToSearch(this SearchWire wire, Guid id) =>
        // isComplete turns true before the responses are stored; endedAt is written together with them.
        new(id, !string.IsNullOrEmpty(wire.EndedAt), wire.State ?? "", [.. (wire.Responses ?? []).Select(ToResponse).OfType<SlskdPeerResponse>()]);

    public static IEnumerable<SlskdTransfer> ToTransfers(this IEnumerable<TransferWire?>? wires, string? username) =>
        (wires ?? [])
            .Where(wire => wire is { Id.Length: > 0, Filename.Length: > 0 })
            .Select(wire => ToTransfer(wire!, username));

    private static SlskdPeerResponse? ToResponse(ResponseWire? wire) =>
        wire?.Username is { Length: > 0 } username
            ? new SlskdPeerResponse(
                username,
                wire.HasFreeUploadSlot ?? false,
                Whole(wire.QueueLength),
                Whole(wire.UploadSpeed),
                [.. ToFiles(wire.Files, locked: false), .. ToFiles(wire.LockedFiles, locked: true)])
            : null;

    private static IEnumerable<SlskdFile> ToFiles(List<FileWire?>? wires, bool locked) =>
        (wires ?? [])
            .Where(wire => wire is { Filename.Length: > 0, Size: > 0 })
            .Select(wire => new SlskdFile(
                wire!.Filename!,
                wire.Size!.Value,
                string.IsNullOrEmpty(wire.Extension) ? null : wire.Extension,
                wire.BitRate,
                wire.BitDepth,
                wire.SampleRate,
                wire.Length,
                wire.IsVariableBitRate,
                locked || (wire.IsLocked ?? false)));

    private static SlskdTransfer ToTransfer(TransferWire wire, string? username) =>
        new(
            wire.Id!,
            wire.BatchId,
            wire.Username ?? username ?? "",
            wire.Filename!,
            wire.Size ?? 0,
            wire.State ?? "",
            wire.BytesTransferred ?? 0,
            Finite(wire.AverageSpeed),
            Finite(wire.PercentComplete),
            wire.PlaceInQueue,
            wire.Exception);

    private static long Whole(double? number) => (long)Math.Clamp(Finite(number), 0, 1e15);

    private static double Finite(double? number) => number is { } n && double.IsFinite(n) ? n : 0;
}
